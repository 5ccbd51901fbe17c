//! Refusals in words that an office worker understands, in Chinese and in English.

mod chinese;
mod english;

use super::refusal::{Refused, Why};

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

impl Refused {
    /// A line for a person: where, what stands there, and why it is refused.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let why = self.why.words(language);
        let place = match (self.line, &self.column, language) {
            (None, ..) => return why,
            (Some(line), Some(column), Language::Chinese) => {
                format!("第 {line} 行 {column} 列「{}」", column.header)
            }
            (Some(line), Some(column), Language::English) => {
                format!("row {line}, column {column} \"{}\"", column.header)
            }
            (Some(line), None, Language::Chinese) => format!("第 {line} 行"),
            (Some(line), None, Language::English) => format!("row {line}"),
        };
        match (self.value.is_empty(), language) {
            (true, Language::Chinese) => format!("{place}：{why}"),
            (true, Language::English) => format!("{place}: {why}"),
            (false, Language::Chinese) => format!("{place}“{}”：{why}", self.value),
            (false, Language::English) => format!("{place}, \"{}\": {why}", self.value),
        }
    }
}
