//! The tools people already have: rclone, the AWS command line, s3cmd.
//!
//! They sign in headers, each in its own way, and none of them knows this endpoint. Each runs with a configuration and
//! a home folder of its own.

mod aws;
mod rclone;
mod s3cmd;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dianbu_endpoint::Keys;
use tempfile::TempDir;

use crate::shop::files;

/// A folder to work in and how to call one tool from it.
struct Tool {
    home: TempDir,
    program: PathBuf,
    fixed: Vec<String>,
}

impl Tool {
    /// Finds the tool: the system's package first, so that a version manager's empty shim is not taken for it.
    fn find(name: &str, package: &str) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let system = std::iter::once(PathBuf::from("/usr/bin"));
        let program = system
            .chain(std::env::split_paths(&path))
            .map(|folder| folder.join(name))
            .find(|program| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success()))
            .unwrap_or_else(|| panic!("{name} is missing: install it with `apt-get install {package}`"));
        let home = TempDir::new().unwrap();
        fs::write(home.path().join("one.txt"), "hello").unwrap();
        Self { home, program, fixed: Vec::new() }
    }

    fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.home.path().join(name), text).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.home.path().join(name)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.current_dir(self.home.path()).args(&self.fixed).args(args).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.home.path());
        command.env("AWS_CONFIG_FILE", self.path("aws-config")).env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_SHARED_CREDENTIALS_FILE", self.path("aws-credentials")).env("AWS_PAGER", "");
        command.env("LANG", "C.UTF-8").output().unwrap()
    }

    /// What the tool prints; it must succeed.
    fn tell(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// What the tool complains of; it must fail.
    fn fail(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success(), "{args:?} did not fail: {}", text(&output.stdout));
        text(&output.stdout) + &text(&output.stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wrong(keys: &Keys) -> Keys {
    Keys { secret_key: "wrong".to_owned(), ..keys.clone() }
}

fn nothing_but(data: &Path, objects: &[&str]) {
    let found = files(data);
    let expected: Vec<_> = ["credentials", "lock"].iter().chain(objects).copied().collect();
    assert_eq!(found, expected);
}
