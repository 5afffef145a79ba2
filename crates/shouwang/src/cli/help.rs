//! What `--help` says of each verb and each option, in the language of the output.

use clap::{Arg, ArgAction, Command};
use web::L;

/// The command and those below it with their words: `cli-about`, `cli-about-user`, `cli-about-user-add`; its options
/// with theirs: `cli-option-user-add-role`, and `cli-option-dir` for those of all verbs.
pub fn in_words(command: Command, l: L) -> Command {
    let mut command = command;
    command.build();
    say(command, l, "")
}

fn say(command: Command, l: L, path: &str) -> Command {
    let command = command
        .about(l.t(&format!("cli-about{path}")))
        .subcommand_help_heading(l.t("cli-help-verbs"))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}",
            l.t("cli-help-usage")
        ))
        .mut_args(|arg| of_arg(arg, l, path));
    let below: Vec<String> = command
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .filter(|verb| verb != "help")
        .collect();
    let command = below.into_iter().fold(command, |command, verb| {
        let path = format!("{path}-{verb}");
        command.mut_subcommand(verb, |below| say(below, l, &path))
    });
    match command.find_subcommand("help") {
        Some(_) => command.mut_subcommand("help", |help| help.about(l.t("cli-option-help"))),
        None => command,
    }
}

fn of_arg(arg: Arg, l: L, path: &str) -> Arg {
    let words = l.t(&id_of(&arg, path));
    let heading = if arg.is_positional() { "cli-help-arguments" } else { "cli-help-options" };
    let told = arg.help(words).help_heading(l.t(heading));
    // the words of a choice say what may be chosen
    if l.is_zh() { told.hide_possible_values(true) } else { told }
}

/// The id of an option's words.
fn id_of(arg: &Arg, path: &str) -> String {
    let everywhere = arg.is_global_set()
        || matches!(
            arg.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        );
    let path = if everywhere { "" } else { path };
    format!("cli-option{path}-{}", arg.get_id().as_str().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use kernel::lang::Lang;

    use super::*;
    use crate::cli::Cli;

    fn check(command: &Command, path: &str) {
        for arg in command.get_arguments() {
            let id = id_of(arg, path);
            let own = arg.get_help().map(ToString::to_string);
            assert_eq!(L::new(Lang::En).find(&id, &[]), own, "{id}: the words beside the option");
            assert!(L::new(Lang::Zh).find(&id, &[]).is_some_and(|zh| Some(zh) != own), "{id}");
        }
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            check(verb, &format!("{path}-{}", verb.get_name()));
        }
    }

    #[test]
    fn every_option_says_itself_in_both_languages() {
        check(&Cli::command(), "");
        let told = in_words(Cli::command(), L::new(Lang::Zh)).render_long_help().to_string();
        for word in ["用法：", "命令:", "选项:", "数据目录"] {
            assert!(told.contains(word), "{word}: {told}");
        }
        assert!(!told.contains("Usage") && !told.contains("Options"), "{told}");
    }
}
