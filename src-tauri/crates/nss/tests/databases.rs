//! The helper as a child process, on databases made for the occasion.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests, in a test binary")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::slice;

use onhand_nss::{Answer, Failure, Named, Request, Work};
use tempfile::TempDir;

/// Runs the helper; nothing (and a word about it) where libnss3 is not installed.
fn helper(database: &Path, work: Work) -> Option<Answer> {
    let request = Request { database: database.to_owned(), work };
    match talk(&serde_json::to_vec(&request).unwrap()) {
        Answer::Failed(Failure::NoLibrary) => {
            eprintln!("skipped: libnss3 is not installed");
            None
        }
        answer @ (Answer::Done | Answer::Listed(_) | Answer::Failed(_)) => Some(answer),
    }
}

fn talk(input: &[u8]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_onhand-nss-helper"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn certutil(database: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("certutil")
        .args(arguments)
        .arg("-d")
        .arg(format!("sql:{}", database.display()))
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: certutil is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn named(nickname: &str) -> Named {
    let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    Named { nickname: nickname.to_owned(), der: certificate.cert.der().to_vec() }
}

fn add(certificates: &[Named], create: bool) -> Work {
    Work::Add { certificates: certificates.to_vec(), create }
}

fn list() -> Work {
    Work::List { prefix: "Test ".to_owned() }
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("pki/nssdb");
    (folder, database)
}

#[test]
fn makes_a_database_only_when_asked() {
    let (folder, database) = place();
    let one = named("Test one");
    let nothing = Some(Answer::Failed(Failure::NoDatabase));
    for work in [add(slice::from_ref(&one), false), list(), Work::Remove { certificates: vec![] }] {
        assert!([None, nothing.clone()].contains(&helper(&database, work)));
        assert!(!folder.path().join("pki").exists());
    }
    let Some(answer) = helper(&database, add(&[one], true)) else { return };
    assert_eq!(answer, Answer::Done);
    for folder in [folder.path().join("pki"), database.clone()] {
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
    for file in ["cert9.db", "key4.db"] {
        assert_eq!(fs::metadata(database.join(file)).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn trusts_lists_and_removes_certificates_of_one_subject() {
    let (_folder, database) = place();
    let (one, two, other) = (named("Test one"), named("Test two"), named("Other"));
    let all = [one.clone(), two.clone(), other.clone()];
    let Some(answer) = helper(&database, add(&all, true)) else { return };
    assert_eq!(answer, Answer::Done);
    if let Some(table) = certutil(&database, &["-L"]) {
        assert_eq!(table.matches("CP,,").count(), 3, "{table}");
    }

    let Some(Answer::Listed(mut listed)) = helper(&database, list()) else { panic!("no list") };
    listed.sort_by(|a, b| a.nickname.cmp(&b.nickname));
    assert_eq!(listed, [one.clone(), two.clone()]);

    let remove = Work::Remove { certificates: vec![one.der] };
    for _ in 0..2 {
        assert_eq!(helper(&database, remove.clone()), Some(Answer::Done));
        assert_eq!(helper(&database, list()), Some(Answer::Listed(vec![two.clone()])));
    }
    helper(&database, Work::Remove { certificates: vec![two.der, other.der] });
    assert_eq!(helper(&database, list()), Some(Answer::Listed(Vec::new())));
    if let Some(table) = certutil(&database, &["-L"]) {
        assert!(!table.contains("Test") && !table.contains("Other"), "{table}");
    }
}

#[test]
fn can_add_what_was_removed_and_what_is_already_there() {
    let (_folder, database) = place();
    let one = named("Test one");
    let Some(_) = helper(&database, add(slice::from_ref(&one), true)) else { return };
    assert_eq!(helper(&database, add(slice::from_ref(&one), false)), Some(Answer::Done));
    helper(&database, Work::Remove { certificates: vec![one.der.clone()] });
    assert_eq!(helper(&database, add(slice::from_ref(&one), true)), Some(Answer::Done));
    assert_eq!(helper(&database, list()), Some(Answer::Listed(vec![one])));
}

#[test]
fn works_on_a_database_that_certutil_made() {
    let (_folder, database) = place();
    fs::create_dir_all(&database).unwrap();
    if certutil(&database, &["-N", "--empty-password"]).is_none() {
        return;
    }
    let one = named("Test one");
    let Some(answer) = helper(&database, add(slice::from_ref(&one), false)) else { return };
    assert_eq!(answer, Answer::Done);
    assert_eq!(helper(&database, list()), Some(Answer::Listed(vec![one])));
}

#[test]
fn leaves_nothing_in_a_database_with_a_primary_password() {
    let (folder, database) = place();
    fs::create_dir_all(&database).unwrap();
    let password = folder.path().join("password");
    fs::write(&password, "primary password\n").unwrap();
    if certutil(&database, &["-N", "-f", password.to_str().unwrap()]).is_none() {
        return;
    }
    let before = fs::read(database.join("cert9.db")).unwrap();
    let Some(answer) = helper(&database, add(&[named("Test one")], false)) else { return };
    assert_eq!(answer, Answer::Failed(Failure::HasPassword));
    assert_eq!(helper(&database, list()), Some(Answer::Listed(Vec::new())));
    assert_eq!(fs::read(database.join("cert9.db")).unwrap(), before);
}

#[test]
fn takes_all_out_again_when_one_cannot_be_added() {
    let (_folder, database) = place();
    let broken = Named { nickname: "Test broken".to_owned(), der: b"no certificate".to_vec() };
    let works = add(&[named("Test one"), broken], true);
    let Some(answer) = helper(&database, works) else { return };
    assert!(matches!(answer, Answer::Failed(Failure::Call { .. })), "{answer:?}");
    assert_eq!(helper(&database, list()), Some(Answer::Listed(Vec::new())));
}

#[test]
fn answers_a_request_it_cannot_read() {
    for input in [&b""[..], b"{}", b"\xff\xfe", b"{\"database\":\"/\",\"work\":\"dance\"}"] {
        assert_eq!(talk(input), Answer::Failed(Failure::BadRequest));
    }
}
