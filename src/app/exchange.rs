//! `import` and `export`: what the flags ask for, a progress bar for people, and the report.

use std::fs::File;
use std::io::{IsTerminal, Write, stderr};
use std::path::Path;

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};

use super::commands::print;
use super::{AppError, open};
use crate::base::{Clock, Scope};
use crate::cli::{self, ExportFile, ImportFile, Lang};
use crate::config::Config;
use crate::domain::viewer::start_of_day;
use crate::exchange::{
    self, Between, Create, ExchangeError, Format, Language, Map, Mode, Of, Progress, Refused, Report, Who,
};

/// `concierge import`
pub(super) async fn import(config: &Config, import: &cli::Import) -> Result<(), AppError> {
    let (file, of) = match import {
        cli::Import::Register(file) => (file, Of::Register),
        cli::Import::Tickets { file, .. } => (file, Of::Tickets),
    };
    let language = language(file.lang);
    let mut options = options(config, file, of, language)?;
    if let cli::Import::Tickets { clocks_from, create, .. } = import {
        options.clocks_from = clocks_from.as_deref().map(|text| read_moment(config, text)).transpose()?;
        options.map.create.extend(create.iter().map(|what| to_create(*what)));
    }
    let opened = open(config, Clock::system()).await?;
    let bar = bar();
    let tell = |progress: Progress| show(&bar, progress);
    let scope = Scope::system("import");
    let who = Who::at_the_command_line(&scope);
    let done = Box::pin(exchange::import(&opened.domain, of, who, &file.file, &options, tell)).await;
    bar.finish_and_clear();
    tell_report(file, language, done)
}

/// `concierge export`
pub(super) async fn export(config: &Config, export: &cli::Export) -> Result<(), AppError> {
    let (file, of, between) = match export {
        cli::Export::Register(file) => (file, Of::Register, Between::default()),
        cli::Export::Tickets { file, from, until } => {
            (file, Of::Tickets, Between { from: *from, until: *until })
        }
    };
    let language = language(file.lang);
    let options = exchange::Export {
        community: file.community.clone(),
        format: format(file)?,
        language,
        time_zone: config.time_zone,
        between,
    };
    let opened = open(config, Clock::system()).await?;
    let bar = bar();
    let tell = |progress: Progress| show(&bar, progress);
    let scope = Scope::system("export");
    let who = Who::at_the_command_line(&scope);
    let done = Box::pin(exchange::export(&opened.domain, of, who, &file.out, &options, tell)).await;
    bar.finish_and_clear();
    let rows = done.map_err(|error| in_words(error, language))?;
    print(|out| match language {
        Language::Chinese => writeln!(out, "写出 {rows} 行：{}", file.out.display()),
        Language::English => writeln!(out, "{rows} rows written to {}", file.out.display()),
    })
}

fn options(
    config: &Config,
    file: &ImportFile,
    of: Of,
    language: Language,
) -> Result<exchange::Import, AppError> {
    Ok(exchange::Import {
        map: read_map(file.map.as_deref(), of)?,
        sheet: file.sheet.clone(),
        community: file.community.clone(),
        mode: match (file.dry_run, file.partial) {
            (true, _) => Mode::DryRun,
            (false, true) => Mode::Partial,
            (false, false) => Mode::Whole,
        },
        clocks_from: None,
        language,
        time_zone: config.time_zone,
    })
}

fn to_create(what: cli::Create) -> Create {
    match what {
        cli::Create::Communities => Create::Communities,
        cli::Create::Buildings => Create::Buildings,
        cli::Create::Categories => Create::Categories,
        cli::Create::Staff => Create::Staff,
    }
}

fn read_moment(config: &Config, text: &str) -> Result<DateTime<Utc>, AppError> {
    let wrong = || {
        let example = "2026-12-01 or 2026-12-01T08:00:00+08:00";
        AppError::Usage(format!("--clocks-from \"{text}\" is not a moment; write {example}"))
    };
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.to_utc());
    }
    text.parse().map(|day| start_of_day(day, config.time_zone)).map_err(|_| wrong())
}

fn read_map(path: Option<&Path>, of: Of) -> Result<Map, AppError> {
    let Some(path) = path else { return Ok(Map::default()) };
    let wrong = |what: String| AppError::Usage(format!("the map {}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    exchange::read_map(&text, of).map_err(|error| wrong(error.to_string()))
}

fn format(file: &ExportFile) -> Result<Format, AppError> {
    let extension = file.out.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match (file.format, extension.to_ascii_lowercase().as_str()) {
        (Some(cli::Format::Csv), _) | (None, "csv") => Ok(Format::Csv),
        (Some(cli::Format::Xlsx), _) | (None, "xlsx") => Ok(Format::Xlsx),
        (None, _) => {
            let name = file.out.display();
            Err(AppError::Usage(format!(
                "{name} ends in neither .csv nor .xlsx; rename it, or say which with --format"
            )))
        }
    }
}

fn language(lang: Option<Lang>) -> Language {
    match lang {
        Some(Lang::Zh) => Language::Chinese,
        Some(Lang::En) => Language::English,
        None => {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
            locale.map_or(Language::default(), |locale| Language::of_locale(&locale))
        }
    }
}

/// Says what became of the rows: refusals to standard error, and to the file that was asked for; the sum to standard
/// output.
fn tell_report(
    file: &ImportFile,
    language: Language,
    done: Result<Report, ExchangeError>,
) -> Result<(), AppError> {
    let report = match done {
        Ok(report) => report,
        Err(ExchangeError::File(refused)) => Report { refused, ..Report::default() },
        Err(error) => return Err(error.into()),
    };
    if let Some(path) = &file.report {
        let failed = |cause| AppError::Io { what: format!("cannot write {}", path.display()), cause };
        let out = File::create(path).map_err(failed)?;
        report.write_csv(out, language).map_err(|error| failed(error.into()))?;
    }
    if report.rows > 0 {
        print(|out| writeln!(out, "{}", report.words(language)))?;
    }
    if report.refused.is_empty() {
        return Ok(());
    }
    Err(AppError::Refused(shown(&report.refused, language)))
}

/// Not a wall of text: who wants all asks for the report.
fn shown(refused: &[Refused], language: Language) -> String {
    const SHOWN: usize = 50;
    let mut lines = refused.iter().take(SHOWN).map(|refused| refused.words(language)).collect::<Vec<_>>();
    if let Some(more) = refused.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        lines.push(match language {
            Language::Chinese => format!("……还有 {more} 条，用 --report 文件.csv 可以全部写出"),
            Language::English => format!("… and {more} more; --report FILE.csv writes them all"),
        });
    }
    lines.join("\n")
}

fn in_words(error: ExchangeError, language: Language) -> AppError {
    match error {
        ExchangeError::File(refused) => AppError::Refused(shown(&refused, language)),
        other => other.into(),
    }
}

/// A bar on a terminal, nothing elsewhere.
fn bar() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} · {per_sec} · {eta}")
    {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, progress: Progress) {
    if progress.about > 0 {
        bar.set_length(progress.about.max(progress.done));
    }
    bar.set_position(progress.done);
}
