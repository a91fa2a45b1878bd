//! `castile completions` and `castile man`: what packagers ship beside the binary.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use super::UNUSABLE;
use super::print;

/// Options of `castile completions`.
#[derive(clap::Args)]
#[command(after_help = COMPLETIONS)]
pub(crate) struct Args {
    /// The shell
    pub(crate) shell: Shell,
}

const COMPLETIONS: &str = "\
Examples:
  castile completions bash > /etc/bash_completion.d/castile
  castile completions zsh > ~/.zfunc/_castile";

/// Options of `castile man`.
#[derive(clap::Args)]
#[command(after_help = MAN)]
pub(crate) struct ManArgs {
    /// The command to describe; none for castile as a whole
    pub(crate) command: Option<String>,
}

const MAN: &str = "\
Examples:
  castile man > castile.1
  castile man serve > castile-serve.1";

/// Writes the completions for a shell.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "castile", &mut text);
    print(&text).err().unwrap_or(ExitCode::SUCCESS)
}

/// Writes a manual page in roff.
pub(crate) fn man(args: &ManArgs) -> ExitCode {
    let mut whole = Cli::command();
    whole.build();
    let page = match &args.command {
        None => clap_mangen::Man::new(whole),
        Some(name) => match whole.find_subcommand(name) {
            Some(command) => clap_mangen::Man::new(command.clone()),
            None => {
                let known: Vec<_> = whole.get_subcommands().map(clap::Command::get_name).collect();
                eprintln!("there is no command '{name}', expected one of {}", known.join(", "));
                return ExitCode::from(UNUSABLE);
            }
        },
    };
    let mut text = Vec::new();
    if let Err(error) = page.render(&mut text) {
        eprintln!("cannot write the page: {error}");
        return ExitCode::from(UNUSABLE);
    }
    print(&text).err().unwrap_or(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_and_every_command_has_its_text() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "castile", &mut text);
            assert!(String::from_utf8_lossy(&text).contains("wellformed"));
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).expect("written");
        assert!(String::from_utf8_lossy(&page).contains("castile\\-serve"));
    }
}
