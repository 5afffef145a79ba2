//! Where the data folder, the database and the limits are: command line, then environment, then `config.toml` in the
//! data folder, then the defaults. The only place that reads paths and the environment.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use kernel::error::Refusal;
use kernel::lang::Lang;
use kernel::time::{Clock, Day};
use serde::Deserialize;
use store::DbUrl;

use crate::words::{self, OrSay as _};

/// What `config.toml` in the data folder may say; everything is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    listen: Option<String>,
    max_upload_mb: Option<u64>,
    public_listen: Option<String>,
    public_folder: Option<PathBuf>,
    public_address: Option<String>,
    public_proxied: Option<bool>,
}

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Data folder: key file, embedded database, originals of delivered files
    #[arg(long, global = true, env = "SHOUWANG_DIR", value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME (default: sqlite in the data folder)
    #[arg(
        long,
        global = true,
        env = "SHOUWANG_DATABASE",
        value_name = "ADDRESS",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// The day on which the clock of the whole process stands, YYYY-MM-DD (it keeps ticking)
    #[arg(long, global = true, env = "SHOUWANG_TODAY", value_name = "DAY")]
    pub today: Option<String>,
    /// Language of the output: zh or en (default: that of the environment, Chinese where it names none)
    #[arg(long, global = true, env = "SHOUWANG_LANG", value_name = "LANG", value_parser = ["zh", "en"])]
    pub lang: Option<String>,
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Act as this account (default: the program itself)
    #[arg(long = "as", global = true, value_name = "LOGIN")]
    pub as_login: Option<String>,
}

/// Everything settled.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub dir: PathBuf,
    /// The database.
    pub database: DbUrl,
    /// Where `serve` listens unless told otherwise.
    pub listen: String,
    /// The largest upload in bytes.
    pub max_upload: u64,
    /// The clock of the process.
    pub clock: Clock,
    /// The public side.
    pub public: Public,
}

/// Where the public side stands.
#[derive(Debug, Clone, Default)]
pub struct Public {
    /// Where `serve` listens for it; nowhere unless told.
    pub listen: Option<String>,
    /// Its folder, also of a process elsewhere whose folder is reached from here.
    pub folder: Option<PathBuf>,
    /// Its address as people type it, for posters.
    pub address: Option<String>,
    /// Requests to it come through a proxy.
    pub proxied: bool,
}

/// The language of the output: `--lang`, then `SHOUWANG_LANG`, then the locale of the environment. Chinese where none of
/// them names a language. It is needed before the command line is parsed, because help is said in it.
pub fn lang_of(args: &[OsString]) -> Lang {
    let mut asked = None;
    for (at, arg) in args.iter().enumerate() {
        let arg = arg.to_string_lossy();
        if arg == "--lang" {
            asked = args.get(at + 1).map(|next| next.to_string_lossy().into_owned());
        } else if let Some(value) = arg.strip_prefix("--lang=") {
            asked = Some(value.to_owned());
        }
    }
    let asked = asked.or_else(|| std::env::var("SHOUWANG_LANG").ok());
    let locale = || {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    lang_named(&asked.or_else(locale).unwrap_or_default())
}

/// The language of a locale such as `en_US.UTF-8`; `C` and `POSIX` name none.
fn lang_named(locale: &str) -> Lang {
    let name = locale.split(['_', '.', '-', '@']).next().unwrap_or_default();
    match name.to_lowercase().as_str() {
        "" | "c" | "posix" | "zh" => Lang::Zh,
        _ => Lang::En,
    }
}

/// The default data folder.
pub const DEFAULT_DIR: &str = "shouwang-data";
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
const DEFAULT_UPLOAD_MB: u64 = 64;

impl Config {
    /// Settles the options; `fallback` is the data folder of commands that have their own default.
    pub fn settle(options: &Options, fallback: &str) -> Result<Self> {
        let dir = options.dir.clone().unwrap_or_else(|| PathBuf::from(fallback));
        let file = read(&dir.join("config.toml"))?;
        let database = match options.database.clone().or(file.database) {
            Some(text) => {
                text.parse::<DbUrl>().map_err(|_| words::wrong_option("cli.option_database", ""))?
            }
            None => DbUrl::Sqlite(dir.join("shouwang.db")),
        };
        let clock = match &options.today {
            Some(text) => Clock::starting_on(
                Day::parse(text).map_err(|_| words::wrong_option("cli.option_day", text))?,
            ),
            None => Clock::System,
        };
        Ok(Config {
            database,
            listen: file.listen.unwrap_or_else(|| DEFAULT_LISTEN.to_owned()),
            max_upload: file.max_upload_mb.unwrap_or(DEFAULT_UPLOAD_MB).saturating_mul(1024 * 1024),
            clock,
            public: Public {
                folder: file.public_folder.map(|folder| dir.join(folder)),
                listen: file.public_listen,
                address: file.public_address,
                proxied: file.public_proxied.unwrap_or(false),
            },
            dir,
        })
    }

    /// The folder of the public side: as it was named, else inside the data folder where this program listens for it.
    pub fn public_folder(&self) -> Option<PathBuf> {
        let own = || self.public.listen.is_some().then(|| self.dir.join("public"));
        self.public.folder.clone().or_else(own)
    }

    /// The address of the public side: as it was named, else where this program listens for it.
    pub fn public_address(&self) -> Option<String> {
        let own = || self.public.listen.as_ref().map(|listen| format!("http://{listen}"));
        self.public.address.clone().or_else(own)
    }

    /// The key file.
    pub fn key_file(&self) -> PathBuf {
        self.dir.join("key")
    }

    /// Where originals of delivered files are kept, sealed, by hash.
    pub fn originals(&self) -> PathBuf {
        self.dir.join("originals")
    }

    /// The mark of a folder that `demo` made; only there do sample accounts work.
    pub fn demo_mark(&self) -> PathBuf {
        self.dir.join("DEMO")
    }
}

fn read(path: &Path) -> Result<File> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(toml::from_str(&text).map_err(|why| {
            let refusal = Refusal::invalid("cli.config_damaged").arg("file", path.display());
            kernel::Error::from(refusal.arg("why", why.message()))
        })?),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(why) => Err(why).or_say("cli.cannot_read", path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_is_chinese_unless_something_names_another_language() {
        for zh in ["", "C", "C.UTF-8", "POSIX", "zh", "zh_CN.UTF-8", "zh-CN"] {
            assert_eq!(lang_named(zh), Lang::Zh, "{zh}");
        }
        for en in ["en", "en_US.UTF-8", "en_GB", "de_DE.UTF-8"] {
            assert_eq!(lang_named(en), Lang::En, "{en}");
        }
        let args = ["shouwang", "doctor", "--lang=en"].map(OsString::from);
        assert_eq!(lang_of(&args), Lang::En);
        let args = ["shouwang", "--lang", "zh", "doctor"].map(OsString::from);
        assert_eq!(lang_of(&args), Lang::Zh);
    }
}
