//! `castile transform`: what is on stdout, what on stderr, and the exit status.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use crate::sheets::sheet;
use crate::sheets::template;

/// A folder of files that goes when the test ends.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("castile-transform-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (path, text) in files {
            fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            fs::write(folder.join(path), text).unwrap();
        }
        Self(folder)
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_castile"));
        command.arg("transform").args(arguments).current_dir(&self.0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_result_alone_is_on_stdout_and_what_is_said_on_stderr() {
    let main = sheet(
        "<xsl:output method='text'/><xsl:param name='p'/><xsl:template match='/'><xsl:message>seen</xsl:message>\
         <xsl:value-of select='concat(a, $p)'/></xsl:template>",
    );
    let files = Files::new("good", &[("main.xsl", &main)]);
    let output = files.run(&["main.xsl", "-", "--param", "p=it's \"=\"", "--param", "q=1"], "<a>x</a>");
    let warning = "main.xsl: warning: the sheet declares no parameter `q`";
    let (status, stdout, stderr) = said(&output);
    assert_eq!((status, stdout.as_str()), (Some(0), "xit's \"=\""));
    assert!(stderr.starts_with("seen\n") && stderr.contains(warning), "{stderr}");
}

#[test]
fn what_is_bad_gives_1_and_what_cannot_be_read_2() {
    let stop = template("<xsl:message terminate='yes'>enough</xsl:message>");
    let files = Files::new(
        "bad",
        &[("stop.xsl", &stop), ("two.xsl", "<x xsl:version='2.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>"), ("a.xml", "<a/>")],
    );
    assert_eq!(
        said(&files.run(&["stop.xsl", "a.xml"], "")),
        (Some(1), String::new(), String::from("stop.xsl: the sheet stopped: enough\n"))
    );
    let (status, stdout, stderr) = said(&files.run(&["two.xsl", "a.xml"], ""));
    assert!(status == Some(1) && stdout.is_empty() && stderr.starts_with("two.xsl:1:1: the sheet is of XSLT 2.0"), "{stderr}");
    let (status, _, stderr) = said(&files.run(&["stop.xsl", "-"], "<a>\n<b></a>"));
    assert!(status == Some(1) && stderr.starts_with("-:2:4: "), "{stderr}");
    assert_eq!(files.run(&["stop.xsl", "none.xml"], "").status.code(), Some(2));
    assert_eq!(files.run(&["none.xsl", "a.xml"], "").status.code(), Some(2));
    assert_eq!(files.run(&["stop.xsl", "a.xml", "--param", "p"], "").status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let secret = template("<out>S-1</out>");
    let files =
        Files::new("link", &[("sheets/main.xsl", &sheet("<xsl:import href='link.xsl'/>")), ("secret.xsl", &secret), ("a.xml", "<a/>")]);
    std::os::unix::fs::symlink("../secret.xsl", files.0.join("sheets/link.xsl")).unwrap();
    let (status, stdout, stderr) = said(&files.run(&["sheets/main.xsl", "a.xml"], ""));
    assert!(status == Some(1) && stdout.is_empty() && stderr.contains("outside of the folder"), "{stderr}");
    // A link within the folder is.
    fs::write(files.0.join("sheets/real.xsl"), &secret).unwrap();
    fs::remove_file(files.0.join("sheets/link.xsl")).unwrap();
    std::os::unix::fs::symlink("real.xsl", files.0.join("sheets/link.xsl")).unwrap();
    assert_eq!(files.run(&["sheets/main.xsl", "a.xml"], "").status.code(), Some(0));
}
