//! Reads Rust as tokens: comments and strings fall away, and what stands in a macro counts like everything else.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A path that one file names, from its root: `["crate", "domain", "ticket"]` or `["axum", "Router"]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub path: Vec<String>,
    pub line: usize,
    /// Whether it is exported again.
    pub exported: bool,
}

/// What the rules ask of one file; test code is left out.
#[derive(Debug, Default)]
pub struct Source {
    pub references: Vec<Reference>,
    /// Lines on which `.unwrap()` or `.expect(…)` stands without an attribute that gives the reason.
    pub unexcused: Vec<usize>,
    /// Fields and methods that are reached for, with their lines.
    pub members: Vec<(String, usize)>,
}

impl Source {
    /// Reads a file of `src` that is `module`, such as `["domain", "ticket"]`.
    pub fn read(module: &[&str], text: &str) -> Self {
        let tokens = TokenStream::from_str(text).expect("what compiles can be read");
        let module = module.iter().map(|&name| name.to_owned()).collect();
        let mut source = Self::default();
        Walk { source: &mut source, module, excused: false }.walk(tokens);
        source
    }
}

struct Walk<'a> {
    source: &'a mut Source,
    module: Vec<String>,
    excused: bool,
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// Whether `::` stands here.
fn joins(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

/// The place behind the item that begins here.
fn after_item(tokens: &[TokenTree], mut at: usize) -> usize {
    while at < tokens.len() {
        let ends = is_punct(tokens.get(at), ';') || group(tokens.get(at), Delimiter::Brace).is_some();
        at += 1;
        if ends {
            break;
        }
    }
    at
}

impl Walk<'_> {
    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let (mut at, mut exported) = (0, false);
        while at < tokens.len() {
            if let Some(attribute) = self.attribute(&tokens, at) {
                at = attribute;
                continue;
            }
            match &tokens[at] {
                TokenTree::Ident(word) if word == "pub" => {
                    let next =
                        at + 1 + usize::from(group(tokens.get(at + 1), Delimiter::Parenthesis).is_some());
                    exported = ident(tokens.get(next)).as_deref() == Some("use");
                    at = next;
                }
                TokenTree::Ident(word) if word == "mod" => at = self.inner_module(&tokens, at),
                TokenTree::Ident(_) => at = self.name(&tokens, at, exported),
                TokenTree::Group(inner) => {
                    self.inside(inner);
                    at += 1;
                }
                TokenTree::Punct(punct) => {
                    if punct.as_char() == ';' {
                        (exported, self.excused) = (false, false);
                    }
                    at += 1;
                }
                TokenTree::Literal(_) => at += 1,
            }
        }
    }

    /// A reason holds for what is within, and ends with the item.
    fn inside(&mut self, group: &Group) {
        let excused = self.excused;
        self.walk(group.stream());
        self.excused = excused && group.delimiter() != Delimiter::Brace;
    }

    /// Steps over an attribute: remembers a reason, and leaves out an item that is only for tests.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize) -> Option<usize> {
        if !is_punct(tokens.get(at), '#') {
            return None;
        }
        let inner = usize::from(is_punct(tokens.get(at + 1), '!'));
        let words = group(tokens.get(at + 1 + inner), Delimiter::Bracket)?.stream().to_string();
        let words: String = words.split_whitespace().collect();
        if words == "cfg(test)" {
            return Some(after_item(tokens, at + 2 + inner));
        }
        let gives_reason = words.starts_with("expect(") && words.contains("reason=");
        self.excused |=
            gives_reason && (words.contains("clippy::unwrap_used") || words.contains("clippy::expect_used"));
        Some(at + 2 + inner)
    }

    fn inner_module(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let (Some(name), Some(body)) =
            (ident(tokens.get(at + 1)), group(tokens.get(at + 2), Delimiter::Brace))
        else {
            return at + 1;
        };
        self.module.push(name);
        self.walk(body.stream());
        self.module.pop();
        at + 3
    }

    fn name(&mut self, tokens: &[TokenTree], at: usize, exported: bool) -> usize {
        let line = tokens[at].span().start().line;
        if at > 0 && is_punct(tokens.get(at - 1), '.') {
            return self.member(tokens, at, line);
        }
        self.path(tokens, at, &[], exported)
    }

    fn member(&mut self, tokens: &[TokenTree], at: usize, line: usize) -> usize {
        let name = tokens[at].to_string();
        let called = group(tokens.get(at + 1), Delimiter::Parenthesis).is_some();
        if called && !self.excused && (name == "unwrap" || name == "expect") {
            self.source.unexcused.push(line);
        }
        self.source.members.push((name, line));
        at + 1
    }

    /// Reads a path behind `prefix`, and those of a tree of uses each by itself.
    fn path(&mut self, tokens: &[TokenTree], at: usize, prefix: &[String], exported: bool) -> usize {
        let (line, mut path, mut at) = (tokens[at].span().start().line, prefix.to_vec(), at);
        path.extend(ident(tokens.get(at)));
        at += 1;
        while joins(tokens, at) {
            if let Some(tree) = group(tokens.get(at + 2), Delimiter::Brace) {
                self.tree(tree, &path, exported);
                return at + 3;
            }
            let next = match tokens.get(at + 2) {
                Some(TokenTree::Ident(word)) => word.to_string(),
                Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => "*".to_owned(),
                _ => break,
            };
            path.push(next);
            at += 3;
        }
        if let Some(path) = self.from_root(&path) {
            self.source.references.push(Reference { path, line, exported });
        }
        at
    }

    fn tree(&mut self, tree: &Group, prefix: &[String], exported: bool) {
        let tokens: Vec<_> = tree.stream().into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if is_punct(tokens.get(at), '*') {
                let all = [prefix, &["*".to_owned()]].concat();
                let line = tokens[at].span().start().line;
                self.source.references.extend(self.from_root(&all).map(|path| Reference {
                    path,
                    line,
                    exported,
                }));
                at += 1;
            } else {
                at = self.path(&tokens, at, prefix, exported);
            }
            while at < tokens.len() && !is_punct(tokens.get(at), ',') {
                at += 1;
            }
            at += 1;
        }
    }

    /// The path from the crate's root, or from another crate's; `None` for a bare word, which is no way anywhere.
    fn from_root(&self, path: &[String]) -> Option<Vec<String>> {
        let ups = path.iter().take_while(|word| *word == "super").count();
        let own = |rest: &[String], ups: usize| {
            let kept = &self.module[..self.module.len().saturating_sub(ups)];
            Some([&["crate".to_owned()], kept, rest].concat())
        };
        match path {
            [_] => None,
            [first, rest @ ..] if first == "self" => own(rest, 0),
            _ if ups > 0 => own(&path[ups..], ups),
            _ => Some(path.to_vec()),
        }
    }
}
