//! What a client accepts: one answer in a media type, results as they come in a framing, or both.

use axum::http::{HeaderMap, header};

use super::response::{Media, Refusal};
use super::streams::Framing;

/// What `Accept` lets in. A subscription is told in the framing; a query or mutation is answered once where that will
/// do, and told in the framing where nothing else will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepts {
    /// `application/json` when the header is absent or leaves the choice.
    pub(super) once: Option<Media>,
    /// Only what is named: a client that takes anything has not asked for an answer without an end.
    pub(super) stream: Option<Framing>,
}

impl Accepts {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        if !headers.contains_key(header::ACCEPT) {
            return Self { once: Some(Media::Json), stream: None };
        }
        let ranges: Vec<Range> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .enumerate()
            .filter_map(|(place, range)| Range::parse(place, range))
            .collect();
        // The first of equals goes before: JSON, when one wildcard let both in.
        let once = [Media::Json, Media::GraphqlResponse]
            .map(|media| (media, best(&ranges, |range| range.matches(media))));
        let stream = [Framing::EventStream, Framing::Multipart]
            .map(|framing| (framing, best(&ranges, |range| range.names(framing).then_some(0))));
        Self { once: preferred(once), stream: preferred(stream) }
    }

    /// Whether nothing that is served will do.
    pub(super) fn nothing(self) -> bool {
        self.once.is_none() && self.stream.is_none()
    }

    /// How a request is refused before it is known what it asks.
    pub(super) fn refuse(self, refusal: Refusal) -> axum::response::Response {
        self.once.unwrap_or(Media::Json).refuse(refusal)
    }
}

fn preferred<T>(choices: [(T, Option<&Range>); 2]) -> Option<T> {
    let accepted = choices.into_iter().filter_map(|(choice, range)| Some((choice, range?)));
    accepted
        .min_by_key(|(_, range)| (std::cmp::Reverse(range.quality), range.place))
        .map(|(choice, _)| choice)
}

/// The most specific range that speaks of a type decides for it (RFC 9110, 12.5.1), also when it says no.
fn best(ranges: &[Range], distance: impl Fn(&Range) -> Option<u8>) -> Option<&Range> {
    let ranges = ranges.iter().filter_map(|range| Some((distance(range)?, range)));
    let (_, range) = ranges.min_by_key(|(distance, range)| (*distance, range.place))?;
    (range.quality > 0).then_some(range)
}

/// One member of an `Accept` header.
struct Range {
    place: usize,
    essence: String,
    /// In thousandths, as `q` has at most three digits.
    quality: u16,
    /// Apollo's own mark of subscriptions: `multipart/mixed` without it means something else.
    subscriptions: bool,
}

impl Range {
    fn parse(place: usize, text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim_ascii);
        let essence = parts.next().filter(|essence| essence.contains('/'))?.to_ascii_lowercase();
        let parameters: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
        let parameter = |wanted: &str| {
            let found = parameters.iter().find(|(name, _)| name.trim_ascii().eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim_ascii().trim_matches('"'))
        };
        let quality = parameter("q").and_then(|value| value.parse::<f32>().ok()).unwrap_or(1.0);
        Some(Self {
            place,
            subscriptions: parameter("subscriptionSpec") == Some("1.0"),
            quality: (quality.clamp(0.0, 1.0) * 1000.0) as u16,
            essence,
        })
    }

    /// How far the range is from naming the type: 0 exactly, 1 its group, 2 anything; `None` when it is another type.
    fn matches(&self, media: Media) -> Option<u8> {
        match self.essence.as_str() {
            essence if essence == media.essence() => Some(0),
            "application/*" => Some(1),
            "*/*" => Some(2),
            _ => None,
        }
    }

    fn names(&self, framing: Framing) -> bool {
        match framing {
            Framing::EventStream => self.essence == "text/event-stream",
            Framing::Multipart => self.essence == "multipart/mixed" && self.subscriptions,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepts(accept: &'static str) -> Accepts {
        Accepts::of(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
    }

    #[test]
    fn one_answer() {
        use Media::{GraphqlResponse, Json};
        assert_eq!(Accepts::of(&HeaderMap::new()), Accepts { once: Some(Json), stream: None });
        for (accept, once) in [
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("Application/GraphQL-Response+JSON; charset=utf-8", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphqlResponse)),
            ("application/json;q=0.9, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(Json)),
            ("*/*;q=0.1, application/graphql-response+json;q=0.5", Some(GraphqlResponse)),
            ("*/*, application/json;q=0", Some(GraphqlResponse)),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some(Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("multipart/mixed", None),
            ("multipart/mixed;subscriptionSpec=2.0", None),
            ("nonsense", None),
        ] {
            assert_eq!(accepts(accept), Accepts { once, stream: None }, "{accept}");
        }
    }

    #[test]
    fn results_as_they_come() {
        use Framing::{EventStream, Multipart};
        use Media::{GraphqlResponse, Json};
        for (accept, once, stream) in [
            ("text/event-stream", None, Some(EventStream)),
            ("text/event-stream;q=0", None, None),
            ("Text/Event-Stream, application/json;q=0.5", Some(Json), Some(EventStream)),
            ("multipart/mixed;subscriptionSpec=1.0", None, Some(Multipart)),
            (
                "multipart/mixed;boundary=\"graphql\"; SubscriptionSpec=\"1.0\", application/json",
                Some(Json),
                Some(Multipart),
            ),
            (
                "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
                Some(GraphqlResponse),
                Some(EventStream),
            ),
            ("text/event-stream;q=0.5, multipart/mixed;subscriptionSpec=1.0", None, Some(Multipart)),
            ("multipart/mixed;subscriptionSpec=1.0, text/event-stream", None, Some(Multipart)),
        ] {
            assert_eq!(accepts(accept), Accepts { once, stream }, "{accept}");
        }
    }
}
