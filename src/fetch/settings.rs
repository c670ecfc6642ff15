use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;

use crate::message::keep_secret;

/// Where models are, unless `HF_ENDPOINT` names a mirror.
const HUB: &str = "https://huggingface.co";

/// How the hub is reached, by the same environment variables as its own tools.
#[derive(Clone)]
pub struct HubSettings {
    /// URL of the hub.
    pub endpoint: String,
    /// The user's access token.
    pub token: Option<String>,
    /// Whether the network may not be used.
    pub offline: bool,
    /// How long a server may say nothing, where it is not the usual time.
    pub patience: Option<Duration>,
}

impl std::fmt::Debug for HubSettings {
    /// Without the token, which belongs in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubSettings")
            .field("endpoint", &self.endpoint)
            .field("offline", &self.offline)
            .finish_non_exhaustive()
    }
}

impl HubSettings {
    /// The settings of the environment.
    #[must_use]
    pub fn from_environment() -> Self {
        let home = etcetera::choose_base_strategy().map(|places| places.home_dir().to_owned());
        Self::of(|name| env::var_os(name), home.ok().as_deref())
    }

    /// What these variables say; the token's file is searched as `huggingface_hub` does.
    fn of(variable: impl Fn(&str) -> Option<OsString>, home: Option<&Path>) -> Self {
        let text = |name: &str| {
            let value = variable(name)?.into_string().ok()?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let path = |name: &str| text(name).map(PathBuf::from);
        let is_set = |name: &str| {
            text(name).is_some_and(|value| {
                matches!(value.to_ascii_lowercase().as_str(), "1" | "on" | "yes" | "true")
            })
        };
        let hub_home = path("HF_HOME").or_else(|| {
            let cache = path("XDG_CACHE_HOME").or_else(|| Some(home?.join(".cache")))?;
            Some(cache.join("huggingface"))
        });
        let token_file = path("HF_TOKEN_PATH").or_else(|| Some(hub_home?.join("token")));
        let in_file = || {
            let token = fs::read_to_string(token_file?).ok()?;
            Some(token.trim().to_owned()).filter(|token| !token.is_empty())
        };
        let token = text("HF_TOKEN").or_else(|| text("HUGGING_FACE_HUB_TOKEN")).or_else(in_file);
        if let Some(token) = &token {
            keep_secret(token);
        }
        Self {
            endpoint: text("HF_ENDPOINT").unwrap_or_else(|| HUB.to_owned()),
            token: token.filter(|_| !is_set("HF_HUB_DISABLE_IMPLICIT_TOKEN")),
            offline: is_set("HF_HUB_OFFLINE"),
            // For the tests, which have no half minute to wait for a server that is silent on purpose.
            patience: text("R1_ADVISOR_PATIENCE_MS")
                .and_then(|value| Some(Duration::from_millis(value.parse().ok()?))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)], home: &Path) -> HubSettings {
        HubSettings::of(
            |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)),
            Some(home),
        )
    }

    #[test]
    fn the_token_is_found_where_the_hubs_tools_keep_it() {
        let home = tempfile::tempdir().unwrap();
        let write = |path: &str, token: &str| {
            let path = home.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, token).unwrap();
            path.to_string_lossy().into_owned()
        };
        assert_eq!(of(&[], home.path()).token, None);
        write(".cache/huggingface/token", "kept\n");
        assert_eq!(of(&[], home.path()).token.as_deref(), Some("kept"));
        write("cache/huggingface/token", "moved");
        let cache = home.path().join("cache").to_string_lossy().into_owned();
        assert_eq!(of(&[("XDG_CACHE_HOME", &cache)], home.path()).token.as_deref(), Some("moved"));
        let named = write("elsewhere", "named");
        assert_eq!(of(&[("HF_TOKEN_PATH", &named)], home.path()).token.as_deref(), Some("named"));
        assert_eq!(
            of(&[("HF_TOKEN_PATH", &named), ("HF_TOKEN", "set")], home.path()).token.as_deref(),
            Some("set")
        );
        assert_eq!(
            of(&[("HF_TOKEN", "set"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")], home.path()).token,
            None
        );
        assert!(!format!("{:?}", of(&[("HF_TOKEN", "secret")], home.path())).contains("secret"));
    }

    #[test]
    fn the_hub_is_where_it_is_unless_a_mirror_is_named() {
        let home = Path::new("/home/ada");
        assert_eq!(of(&[("HF_ENDPOINT", " ")], home).endpoint, HUB);
        assert_eq!(of(&[("HF_ENDPOINT", "https://mirror")], home).endpoint, "https://mirror");
        assert!(!of(&[("HF_HUB_OFFLINE", "0")], home).offline);
        assert!(of(&[("HF_HUB_OFFLINE", "TRUE")], home).offline);
    }
}
