//! The command line: what can be asked for, and nothing of how it is done. `app` carries it out.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::config::{ConfigError, Flag, Loaded, Sources};
use crate::seed::Life;

/// What the process ends with besides 0.
pub mod exit {
    /// Something failed while it ran.
    pub const FAULT: u8 = 1;
    /// It was asked for in a way that cannot be: an unknown flag, or a setting that cannot be. Also what clap ends with.
    pub const USAGE: u8 = 2;
}

const AFTER_HELP: &str = "\
Examples:
  concierge serve --demo                       a year of a living estate to look around in, no database to install
  concierge serve --listen 0.0.0.0:8080        for other machines too
  concierge account create --admin --login me  the first account; its password is printed once
  concierge config                             every setting, and where its value is from
  TOKEN=$(concierge token --login me)          for scripts: Authorization: Bearer $TOKEN

Settings: defaults, then a TOML file (--config, else ./concierge.toml), then the environment
(DATABASE_URL; CONCIERGE_HTTP__BODY_BYTES is body_bytes of [http]), then flags.

Exit codes: 0 done, 1 it failed, 2 wrong usage or settings.";

const IMPORT_HELP: &str = "\
The first row holds the names of the columns, in Chinese or English and in any order; a column that nobody knows is
refused by name. All or nothing, unless --partial. Running it again makes no doubles.

Examples:
  concierge import register 名册.xlsx --community XH --dry-run
  concierge import register 名册.csv --community XH --partial --report 未导入.csv
  concierge import tickets old.csv --map examples/import/nyc311-tickets.toml

Exit codes: 0 every row was taken, 1 a row or the file was refused, 2 wrong usage or map.";

/// One GraphQL gateway for a property company's customer service.
#[derive(Clone, Debug, Parser)]
#[command(name = "concierge", version, after_help = AFTER_HELP, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Settings file in TOML; without it ./concierge.toml, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// sqlite://PATH or postgres://USER@HOST/NAME; give one with a password by DATABASE_URL, since others can see flags
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Directory for what the gateway keeps on disk
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// What the program can be asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serve GraphQL over HTTP and WebSocket until stopped
    Serve(Serve),
    /// Bring the database to this program's schema, or look how far it is
    #[command(
        after_help = "SQLite is migrated by `serve` itself; PostgreSQL under a lock, so that several may ask."
    )]
    Migrate {
        /// Which way; up when left out.
        #[command(subcommand)]
        direction: Option<Migrate>,
    },
    /// Fill an empty database with the demo estate, and print its sign-ins
    #[command(
        after_help = "The same --days and --seed give the same life, but for ids and the day that it ends on."
    )]
    Seed(Seed),
    /// Read the register or tickets from a CSV or XLSX file
    #[command(subcommand, after_help = IMPORT_HELP)]
    Import(Import),
    /// Write the register or tickets to a CSV or XLSX file
    #[command(subcommand)]
    Export(Export),
    /// Print the GraphQL schema (SDL)
    Schema,
    /// Copy the database and the files into a new folder, while the gateway serves
    #[command(
        after_help = "PostgreSQL copies its own part: pg_dump first, then this. docs/OPERATING.md has both."
    )]
    Backup {
        /// The folder to make; named FOLDER.partial until it is whole
        folder: PathBuf,
    },
    /// Bring a backup back into an empty place; every open screen is told that there was a gap
    #[command(
        after_help = "Stop the gateways first. PostgreSQL's part is brought back before, with pg_restore, and this puts it in order."
    )]
    Restore {
        /// The folder that `backup` made
        folder: PathBuf,
    },
    /// Create accounts, reset passwords
    #[command(subcommand)]
    Account(Account),
    /// Hand out or erase what is kept of one person
    #[command(subcommand)]
    Privacy(Privacy),
    /// Print an access token of an account, for scripts
    #[command(
        after_help = "The token is good for auth.access_token_ttl. Whoever runs this can read the secret anyway."
    )]
    Token {
        /// Sign-in name of the account
        #[arg(long)]
        login: String,
    },
    /// Print the settings in effect as TOML, each with where it is from; secrets as ***
    Config,
    /// Print completions for a shell
    #[command(
        after_help = "Example: concierge completions bash > ~/.local/share/bash-completion/completions/concierge"
    )]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// `seed`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct Seed {
    /// How many days the estate has been living, up to now
    #[arg(long, default_value_t = Life::YEAR.days, value_parser = clap::value_parser!(u32).range(i64::from(Life::SHORTEST)..=1_000))]
    pub days: u32,
    /// What chance begins with
    #[arg(long, default_value_t = Life::YEAR.seed)]
    pub seed: u64,
}

/// `serve`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Serve {
    /// Fill an empty database with a year of the demo estate first; refused when it holds anything else
    #[arg(long)]
    pub demo: bool,
    /// Address and port; 127.0.0.1:8080 unless set
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Run no document but those of the manifests named in documents.manifests
    #[arg(long)]
    pub trusted_only: bool,
}

/// `migrate`
#[derive(Clone, Debug, Default, PartialEq, Eq, Subcommand)]
pub enum Migrate {
    /// Apply every migration that is not applied yet
    #[default]
    Up,
    /// Take the latest migrations back; their data is lost
    Down {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
    },
    /// List the migrations and which are applied
    Status,
}

/// `account`
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Account {
    /// Create an account
    Create {
        /// May set the system up: accounts, settings, communities
        #[arg(long)]
        admin: bool,
        /// Name to sign in with
        #[arg(long)]
        login: String,
        /// Name to be called by; the sign-in name when left out
        #[arg(long)]
        name: Option<String>,
        /// Where the password is from.
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Give an account a new password and end its sessions
    Reset {
        /// Name to sign in with
        #[arg(long)]
        login: String,
        /// Where the password is from.
        #[command(flatten)]
        password: PasswordFrom,
    },
}

/// `privacy`
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Privacy {
    /// Write all that is kept of a person as one JSON document
    Export {
        /// Whose data.
        #[command(flatten)]
        whose: Whose,
        /// A file that is not there yet; standard output when left out
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Erase what is kept of a person who has left; it cannot be undone
    #[command(
        after_help = "Names, numbers, sign-ins and all words about the person's tickets go; lines, ids and figures stay. \
                      It is written to erasures.jsonl in data_dir too, so that a restored backup is erased again."
    )]
    Erase {
        /// Whose data.
        #[command(flatten)]
        whose: Whose,
        /// Why: a code, kept in the ledger
        #[arg(long, value_enum)]
        reason: Reason,
        /// Only count what would be erased
        #[arg(long)]
        dry_run: bool,
    },
    /// Erase again what the ledger has and a restored database has not; `serve` and `migrate` do so by themselves
    Replay,
}

/// Exactly one person.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// An occupant, to be erased one who lives nowhere any more: occupant:0190…
    #[arg(long, value_name = "ID")]
    pub occupant: Option<String>,
    /// A member of staff, to be erased one who holds no post any more: staff:0190…
    #[arg(long, value_name = "ID")]
    pub staff: Option<String>,
}

/// Why a person is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// The person asked for it
    OwnRequest,
    /// Nothing requires the data any longer
    NoLongerNeeded,
    /// The data should not have been taken
    TakenByMistake,
    /// A court or an authority ordered it
    Ordered,
}

/// `import`
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Import {
    /// Communities, buildings, units, and who lives in them: a row for each person in a unit
    Register(ImportFile),
    /// Tickets of an old system: history, which makes no news; what is still open starts its clocks anew
    Tickets {
        /// The file and how it is read.
        #[command(flatten)]
        file: ImportFile,
        /// When the clocks of open tickets start: 2026-12-01 or 2026-12-01T08:00:00+08:00; now unless set
        #[arg(long, value_name = "WHEN")]
        clocks_from: Option<String>,
        /// What may be made where the file names it and it is not there
        #[arg(long, value_enum, value_delimiter = ',')]
        create: Vec<Create>,
    },
}

/// What every import takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ImportFile {
    /// CSV (UTF-8 or GBK; comma, semicolon or tab) or XLSX
    pub file: PathBuf,
    /// What a foreign file's columns and values are called here, in TOML
    #[arg(long, value_name = "MAP.toml")]
    pub map: Option<PathBuf>,
    /// Sheet of a workbook; the first unless set
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Code of the community of rows that name none
    #[arg(long, value_name = "CODE")]
    pub community: Option<String>,
    /// Check everything and keep nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Leave refused rows out and keep the others
    #[arg(long)]
    pub partial: bool,
    /// Write the refused rows, each with its reason, to a CSV file
    #[arg(long, value_name = "FILE.csv")]
    pub report: Option<PathBuf>,
    /// Language of what is said; that of the locale unless set
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// `export`
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Export {
    /// Communities, buildings, units, and who lives in them: a row for each person in a unit
    Register(ExportFile),
    /// Tickets, a row each, in the order in which they were raised
    Tickets {
        /// The file and what is in it.
        #[command(flatten)]
        file: ExportFile,
        /// The first day on which they were raised
        #[arg(long, value_name = "DAY")]
        from: Option<chrono::NaiveDate>,
        /// The last day on which they were raised
        #[arg(long, value_name = "DAY")]
        until: Option<chrono::NaiveDate>,
    },
}

/// What every export takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ExportFile {
    /// File to write; what is there already is replaced
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// CSV or XLSX; by the file's name unless set
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Only the community with this code
    #[arg(long, value_name = "CODE")]
    pub community: Option<String>,
    /// Language of the header and the values; that of the locale unless set
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// What an import of tickets may make besides tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Create {
    /// Communities, named in the column community_name
    Communities,
    /// Buildings
    Buildings,
    /// Categories
    Categories,
    /// Members of staff without posts, and teams
    Staff,
}

/// A language to be spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated, UTF-8
    Csv,
    /// Workbook
    Xlsx,
}

/// Never a flag: a command line can be read by others, and stays in the shell's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct PasswordFrom {
    /// Read the password from standard input, one line; without this one is made and printed once
    #[arg(long = "password-stdin")]
    pub stdin: bool,
}

impl Cli {
    /// Reads the settings that this command line asks for.
    ///
    /// # Errors
    /// As [`Sources::of_process`] and [`Sources::load`]; end with [`exit::USAGE`].
    pub fn load_config(&self) -> Result<Loaded, ConfigError> {
        Sources::of_process(self.settings.config.clone(), self.flags())?.load()
    }

    fn flags(&self) -> Vec<Flag> {
        let settings = &self.settings;
        let serve = match &self.command {
            Command::Serve(serve) => serve.clone(),
            _ => Serve::default(),
        };
        let flag = |name, key, value: Option<String>| value.map(|value| Flag { name, key, value });
        [
            flag("--database-url", "database.url", settings.database_url.clone()),
            flag("--data-dir", "data_dir", settings.data_dir.as_ref().map(|dir| dir.display().to_string())),
            flag("--listen", "listen", serve.listen.map(|address| address.to_string())),
            flag("--trusted-only", "documents.trusted_only", serve.trusted_only.then(|| true.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// `concierge completions SHELL`
///
/// # Errors
/// When nobody reads what is written.
pub fn write_completions(shell: Shell, out: &mut impl Write) -> io::Result<()> {
    // The generator panics when its writer fails, as into a pipe that was closed.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "concierge", &mut script);
    out.write_all(&script)
}

#[cfg(test)]
mod tests;
