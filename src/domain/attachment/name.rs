//! Names of files, made fit to be shown and to be saved under.

use super::content::MediaType;

/// The longest name that is kept, in characters, without its end.
const LONGEST: usize = 80;

/// The name without folders and without what no name has; its end is that of what is kept. `None` when nothing is left.
pub(super) fn cleaned(given: &str, kept_as: MediaType) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let stem = stem.chars().filter(|c| is_fit(*c)).take(LONGEST).collect::<String>();
    let stem = stem.trim_matches([' ', '.']);
    (!stem.is_empty()).then(|| format!("{stem}.{}", kept_as.extension()))
}

/// Letters that turn the reading direction could show one name and mean another.
fn is_fit(c: char) -> bool {
    let turns =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_control() && !turns && !r#"<>:"|?*"#.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        for (given, kept) in [
            ("IMG_0042.JPG", Some("IMG_0042.jpg")),
            ("厨房 漏水.jpeg", Some("厨房 漏水.jpg")),
            ("../../etc/passwd", Some("passwd.jpg")),
            (r"C:\photos\a.b.png", Some("a.b.jpg")),
            ("a\"b\r\nSet-Cookie: x.jpg", Some("abSet-Cookie x.jpg")),
            ("gpj.\u{202e}exe.jpg", Some("gpj.exe.jpg")),
            ("", None),
            ("...", None),
            (".jpg", None),
        ] {
            assert_eq!(cleaned(given, MediaType::Jpeg).as_deref(), kept, "{given}");
        }
        assert_eq!(cleaned(&"长".repeat(500), MediaType::Png).map(|name| name.chars().count()), Some(84));
    }
}
