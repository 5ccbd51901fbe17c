//! Refusals in words that an office worker understands, in Chinese and in English.

mod chinese;
mod english;

use super::refusal::{Column, Refused, Why};

/// The language of reports and of the header that is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The language that a locale such as `en_GB.UTF-8` asks for; Chinese, unless it is English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        if locale.starts_with("en") { Self::English } else { Self::Chinese }
    }

    /// Whichever of two texts is in this language.
    #[must_use]
    pub(crate) fn pick<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

impl Why {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::Chinese => chinese::say(self),
            Language::English => english::say(self),
        }
    }
}

impl Column {
    /// Where in a row it is, behind the row.
    fn words(&self, language: Language) -> String {
        let header = &self.header;
        match (self.index, language) {
            (Some(_), Language::Chinese) => format!(" {self} 列「{header}」"),
            (Some(_), Language::English) => format!(", column {self} \"{header}\""),
            (None, Language::Chinese) => format!("「{header}」列（表格里没有这一列）"),
            (None, Language::English) => format!(", column \"{header}\", which the file does not have"),
        }
    }
}

impl Refused {
    /// A line for a person: where, what stands there, and why it is refused.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let why = self.why.words(language);
        let Some(line) = self.line else { return why };
        let row = match language {
            Language::Chinese => format!("第 {line} 行"),
            Language::English => format!("row {line}"),
        };
        let place = match &self.column {
            Some(column) => format!("{row}{}", column.words(language)),
            None => row,
        };
        match (self.value.is_empty(), language) {
            (true, Language::Chinese) => format!("{place}：{why}"),
            (true, Language::English) => format!("{place}: {why}"),
            (false, Language::Chinese) => format!("{place}“{}”：{why}", self.value),
            (false, Language::English) => format!("{place}, \"{}\": {why}", self.value),
        }
    }
}
