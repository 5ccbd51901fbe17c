//! A reporter's 谢谢 on a resolved ticket is no complaint about the work.

/// The words of thanks and the courtesies around them, longest first, so that none is cut in two.
const COURTESIES: [&str; 20] = [
    "thank you very much",
    "thank you",
    "thanks a lot",
    "thanks",
    "thx",
    "非常感谢",
    "辛苦你们了",
    "辛苦了",
    "辛苦",
    "你们",
    "多谢",
    "谢谢",
    "感谢",
    "好的",
    "收到",
    "ok",
    "您",
    "你",
    "啦",
    "了",
];

/// Whether nothing but thanks is said.
pub(super) fn is_mere_thanks(words: &str) -> bool {
    let mut rest = words.to_lowercase();
    for courtesy in COURTESIES {
        rest = rest.replace(courtesy, "");
    }
    // What is left may be punctuation and pictures, but no letter of any script and no digit.
    !rest.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::is_mere_thanks;

    #[test]
    fn thanks_are_told_from_complaints() {
        let table = [
            ("谢谢", true),
            ("好的，谢谢你们！🙏", true),
            ("非常感谢，辛苦了。", true),
            ("OK, thanks a lot!", true),
            ("👍", true),
            ("谢谢，但是还在漏水", false),
            ("没修好", false),
            ("Thanks, but it still leaks", false),
        ];
        for (words, thanks) in table {
            assert_eq!(is_mere_thanks(words), thanks, "{words}");
        }
    }
}
