//! From which address a request comes, behind however many proxies. A header says what anybody wrote into it; so it is
//! read from its end, where our own proxies write, and only as far as they go.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::config::{ForwardedBy, HttpLimits};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the peer's own, unless that is a proxy that the settings trust. Then it is the last address in
/// the header that is no such proxy; what cannot be read ends the trail, and the proxy that wrote it stands for its client.
pub(super) fn address(peer: IpAddr, headers: &HeaderMap, settings: &HttpLimits) -> IpAddr {
    let is_trusted =
        |address: &IpAddr| settings.trusted_proxies.iter().any(|network| network.contains(address));
    let mut nearest = peer.to_canonical();
    if !is_trusted(&nearest) {
        return nearest;
    }
    for hop in hops(headers, settings.forwarded_by).into_iter().rev() {
        let Some(address) = hop else { return nearest };
        nearest = address;
        if !is_trusted(&nearest) {
            return nearest;
        }
    }
    nearest
}

/// What each proxy wrote, the nearest last; `None` for what is no address.
fn hops(headers: &HeaderMap, by: ForwardedBy) -> Vec<Option<IpAddr>> {
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match by {
        ForwardedBy::XForwardedFor => (X_FORWARDED_FOR, read_node),
        ForwardedBy::Forwarded => (header::FORWARDED, read_element),
    };
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(',').map(read)).collect()
}

/// One element of `Forwarded` (RFC 7239): `for="[2001:db8::1]:4711";proto=https`.
fn read_element(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    read_node(node.trim().trim_matches('"'))
}

/// An address, with or without a port. Names that hide one (`unknown`, `_internal`) are none.
fn read_node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn behind(forwarded_by: ForwardedBy) -> HttpLimits {
        let trusted_proxies = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).to_vec();
        HttpLimits { trusted_proxies, forwarded_by, ..HttpLimits::default() }
    }

    fn found(by: ForwardedBy, peer: &str, lines: &[(HeaderName, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        address(peer.parse().unwrap(), &headers, &behind(by)).to_string()
    }

    #[test]
    fn x_forwarded_for_is_read_from_its_end_as_far_as_proxies_are_trusted() {
        for (peer, line, client) in [
            // Nobody whom we trust says so.
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
            // What the client wrote itself stands before what our proxies saw.
            ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
            ("10.0.0.1", "10.0.0.9, 10.0.0.7", "10.0.0.9"),
            // With ports, and both families.
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("fd00::1", "[2001:db8::7]:4711", "2001:db8::7"),
            ("fd00::1", "[2001:db8::7]", "2001:db8::7"),
            ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
            // What cannot be read is nobody's address.
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "unknown", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.1, unknown, 10.0.0.7", "10.0.0.7"),
            ("10.0.0.1", "198.51.100.1,", "10.0.0.1"),
            ("10.0.0.1", "标", "10.0.0.1"),
        ] {
            let lines = [(X_FORWARDED_FOR, line), (header::FORWARDED, "for=192.0.2.99")];
            assert_eq!(found(ForwardedBy::XForwardedFor, peer, &lines), client, "{peer} {line}");
        }
        let two = [(X_FORWARDED_FOR, "192.0.2.66"), (X_FORWARDED_FOR, "198.51.100.1, 10.0.0.7")];
        assert_eq!(found(ForwardedBy::XForwardedFor, "10.0.0.1", &two), "198.51.100.1", "lines are one list");
        assert_eq!(found(ForwardedBy::XForwardedFor, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn forwarded_is_read_when_the_proxies_write_that() {
        for (line, client) in [
            ("for=198.51.100.1", "198.51.100.1"),
            ("For=\"198.51.100.1:4711\";proto=https;by=10.0.0.1", "198.51.100.1"),
            ("proto=https; for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.66, for=198.51.100.1, for=10.0.0.7", "198.51.100.1"),
            ("for=198.51.100.1, for=_hidden", "10.0.0.1"),
            ("for=198.51.100.1, proto=https", "10.0.0.1"),
            ("for=\"198.51.100.1, for=192.0.2.66", "192.0.2.66"),
        ] {
            let lines = [(header::FORWARDED, line), (X_FORWARDED_FOR, "192.0.2.99")];
            assert_eq!(found(ForwardedBy::Forwarded, "10.0.0.1", &lines), client, "{line}");
        }
    }

    #[test]
    fn without_trusted_proxies_headers_say_nothing() {
        let headers = HeaderMap::from_iter([(X_FORWARDED_FOR, HeaderValue::from_static("198.51.100.1"))]);
        let peer = "127.0.0.1".parse().unwrap();
        assert_eq!(address(peer, &headers, &HttpLimits::default()), peer);
    }
}
