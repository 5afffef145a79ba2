//! What `--help` says of each verb, in the language of the output. Options say themselves in English.

use clap::Command;
use web::L;

/// The command and those below it with their words: `cli-about`, `cli-about-user`, `cli-about-user-add`.
pub fn in_words(command: Command, l: L, id: &str) -> Command {
    let command = command.about(l.t(id));
    let below: Vec<String> =
        command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    below.into_iter().fold(command, |command, verb| {
        let id = format!("{id}-{verb}");
        command.mut_subcommand(verb, |below| in_words(below, l, &id))
    })
}
