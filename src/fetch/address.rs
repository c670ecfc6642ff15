use super::FetchError;

/// Hosts of the hub, as people write and copy them.
const HUB: [&str; 2] = ["hf.co", "huggingface.co"];

/// Whether a target is meant as a file on another machine: a URL, or a file of the hub.
#[must_use]
pub fn is_remote(target: &str) -> bool {
    is_url(target) || on_hub(target).is_some()
}

/// The URL of a target: as it is, or for `hf.co/OWNER/REPO/FILE` the one at `endpoint`. A page of the hub that shows
/// a file (`/blob/`) stands for the file.
pub(super) fn url_of(target: &str, endpoint: &str) -> Result<String, FetchError> {
    let Some(path) = on_hub(target) else {
        let hub_page = target.split_once("://").is_some_and(|(_, rest)| on_hub(rest).is_some());
        return Ok(if hub_page { target.replacen("/blob/", "/resolve/", 1) } else { target.to_owned() });
    };
    let no_file = || FetchError::NoFile { target: target.to_owned() };
    let (owner, rest) = path.split_once('/').ok_or_else(no_file)?;
    let (repository, file) = rest.split_once('/').ok_or_else(no_file)?;
    let (revision, file) = match file.split_once('/') {
        Some(("blob" | "resolve", rest)) => rest.split_once('/').ok_or_else(no_file)?,
        _ => ("main", file),
    };
    if [owner, repository, revision, file].iter().any(|part| part.is_empty()) {
        return Err(no_file());
    }
    Ok(format!("{endpoint}/{owner}/{repository}/resolve/{revision}/{file}"))
}

/// Where a redirect leads: `location`, which may leave out what stays.
pub(super) fn redirected(from: &str, location: &str) -> String {
    if is_url(location) {
        return location.to_owned();
    }
    let scheme_end = from.find("://").map_or(0, |at| at + 3);
    let path = from[scheme_end..].find(['/', '?', '#']).map_or(from.len(), |at| scheme_end + at);
    if location.starts_with("//") {
        format!("{}{}", from[..scheme_end].trim_end_matches('/'), location)
    } else if location.starts_with('/') {
        format!("{}{location}", &from[..path])
    } else {
        let end = from.find(['?', '#']).unwrap_or(from.len());
        let folder = from[path..end].rfind('/').map_or(path, |at| path + at);
        format!("{}/{location}", &from[..folder])
    }
}

/// Scheme, host and port: who is asked.
pub(super) fn origin(url: &str) -> String {
    let scheme_end = url.find("://").map_or(0, |at| at + 3);
    let end = url[scheme_end..].find(['/', '?', '#']).map_or(url.len(), |at| scheme_end + at);
    url[..end].to_ascii_lowercase()
}

/// A URL as it may be shown: without a password, and without a query, which may be a signature.
pub(super) fn shown(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None => url.to_owned(),
    }
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
    fn a_file_of_the_hub_is_at_the_endpoint() {
        let url = |target| url_of(target, "https://mirror.example").unwrap();
        let resolved = "https://mirror.example/o/r/resolve/main/q4/a.gguf";
        assert_eq!(url("hf.co/o/r/q4/a.gguf"), resolved);
        assert_eq!(url("huggingface.co/o/r/blob/main/q4/a.gguf"), resolved);
        assert_eq!(url("hf.co/o/r/resolve/v1/a.gguf"), "https://mirror.example/o/r/resolve/v1/a.gguf");
        assert_eq!(
            url("https://huggingface.co/o/r/blob/main/a.gguf"),
            "https://huggingface.co/o/r/resolve/main/a.gguf"
        );
        assert_eq!(url("https://host/blob/a.gguf"), "https://host/blob/a.gguf");
        for target in ["hf.co/o", "hf.co/o/r", "hf.co/o/r/", "hf.co/o/r/blob/main"] {
            assert!(
                matches!(url_of(target, "https://mirror.example"), Err(FetchError::NoFile { .. })),
                "{target}"
            );
        }
    }

    #[test]
    fn redirects_may_leave_out_what_stays() {
        let from = "https://host:8080/a/b?c=/d";
        assert_eq!(redirected(from, "http://other/x"), "http://other/x");
        assert_eq!(redirected(from, "//other/x"), "https://other/x");
        assert_eq!(redirected(from, "/x?y"), "https://host:8080/x?y");
        assert_eq!(redirected(from, "x"), "https://host:8080/a/x");
        assert_eq!(redirected("https://host", "x"), "https://host/x");
    }

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        assert_eq!(shown("https://me:pw@host/a@b.gguf?signature=x"), "https://host/a@b.gguf");
    }
}
