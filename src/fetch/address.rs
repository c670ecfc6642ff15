use url::{Host, Origin, Url};

/// Hosts of the hub, as people write and copy them.
const HUB: [&str; 2] = ["hf.co", "huggingface.co"];

/// Whether a target is meant as a file on another machine: a URL, or a file of the hub.
#[must_use]
pub fn is_remote(target: &str) -> bool {
    is_url(target) || on_hub(target).is_some()
}

/// Where a redirect from `from` to `location` starts and leads; `location` may leave out what stays.
pub(super) fn redirected(from: &str, location: &str) -> Option<(Url, Url)> {
    let from = Url::parse(from).ok()?;
    let to = from.join(location).ok()?;
    Some((from, to))
}

/// Scheme, host and port. That of a text that is no URL equals no other.
pub(super) fn origin(url: &str) -> Origin {
    Url::parse(url).map_or_else(|_| Origin::new_opaque(), |url| url.origin())
}

/// Whether it is one of the hub's own addresses: of a file by its name, or of what it says of a repository.
pub(super) fn is_of_hub(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.path().contains("/resolve/") || url.path().starts_with("/api/"))
}

/// Whether a URL names a machine of this network segment by its address (RFC 3927, RFC 4291).
pub(super) fn is_link_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_link_local(),
        Some(Host::Ipv6(address)) => {
            address.is_unicast_link_local()
                || address.to_ipv4_mapped().or_else(|| address.to_ipv4()).is_some_and(|v4| v4.is_link_local())
        }
        Some(Host::Domain(_)) | None => false,
    }
}

/// A URL without its secrets: the password, and the query, which may be a signature.
pub(super) fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        let rest = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
        return rest.split(['?', '#']).next().unwrap_or(rest).to_owned();
    };
    // Fails for URLs without a host, which have no password either.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

pub(super) fn is_url(target: &str) -> bool {
    let scheme = target.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

pub(super) fn on_hub(target: &str) -> Option<&str> {
    HUB.iter().find_map(|host| target.strip_prefix(host)?.strip_prefix('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_may_leave_out_what_stays() {
        let to = |from, location| redirected(from, location).unwrap().1.to_string();
        let from = "https://host:8080/a/b?c=/d";
        assert_eq!(to(from, "http://other/x"), "http://other/x");
        assert_eq!(to(from, "//other/x"), "https://other/x");
        assert_eq!(to(from, "/x?y"), "https://host:8080/x?y");
        assert_eq!(to(from, "x"), "https://host:8080/a/x");
        assert_eq!(to("https://host", "x"), "https://host/x");
        // A signature is not touched.
        let signed = "https://cdn.example/a%2Fb?X-Amz-Credential=a%2F20261130&sig=a+b%20c~%7E";
        assert_eq!(to(from, signed), signed);
        assert_eq!(redirected(from, "https://"), None);
    }

    #[test]
    fn only_the_same_host_scheme_and_port_are_one_origin() {
        assert_eq!(origin("https://HOST/a"), origin("https://host:443/b?c"));
        assert_ne!(origin("https://host/a"), origin("http://host/a"));
        assert_ne!(origin("https://host/"), origin("https://host.evil/"));
        assert_ne!(origin("https://host/"), origin("https://host@evil/"));
        assert_ne!(origin("nonsense"), origin("nonsense"));
    }

    #[test]
    fn an_address_of_the_network_segment_is_known_in_every_spelling() {
        let is = |url: &str| is_link_local(&Url::parse(url).unwrap());
        for url in [
            "http://169.254.169.254/latest",
            "http://169.254.0.1:8080/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://0251.0376.1/",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[::a9fe:a9fe]/",
        ] {
            assert!(is(url), "{url}");
        }
        for url in ["http://169.253.0.1/", "http://127.0.0.1/", "http://[2001:db8::1]/", "http://host/"] {
            assert!(!is(url), "{url}");
        }
    }

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        assert_eq!(shown("https://me:pw@host/a@b.gguf?signature=x#y"), "https://host/a@b.gguf");
        assert_eq!(shown("https://me:pw@ho st/a.gguf?signature=x"), "ho st/a.gguf");
    }
}
