//! What was found, in words of both languages, with what to do.

use std::fmt;

use dianbu::remote::RemoteError;
use dianbu::sync::fault::Fault;
use dianbu::words::{Words, fill, words};

use super::VaultError;

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    zh: String,
    en: String,
}

impl Text {
    /// Puts values into a text: each `{}` takes the next one.
    pub(super) fn new(text: Words, values: &[&str]) -> Self {
        Self { zh: fill(text.zh, values), en: fill(text.en, values) }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} · {}", self.zh, self.en)
    }
}

/// Something that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The object, or whatever it is about.
    pub name: String,
    /// What is wrong with it.
    pub what: Text,
}

/// What a command came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// What was counted.
    pub facts: Vec<Text>,
    /// What could not be checked, and why.
    pub unchecked: Vec<Text>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Outcome {
    pub(super) fn fact(&mut self, text: Words, values: &[&str]) {
        self.facts.push(Text::new(text, values));
    }

    pub(super) fn left(&mut self, text: Words, values: &[&str]) {
        self.unchecked.push(Text::new(text, values));
    }

    /// Notes what is wrong with an object, once: the first reason found is the nearest to the cause.
    pub(super) fn wrong(&mut self, name: impl fmt::Display, text: Words, values: &[&str]) {
        let name = name.to_string();
        if self.findings.iter().all(|finding| finding.name != name) {
            self.findings.push(Finding { name, what: Text::new(text, values) });
        }
    }

    pub(super) fn fault(&mut self, name: impl fmt::Display, fault: Fault) {
        self.wrong(name, fault_words(fault), &[]);
    }

    /// Puts what came before in front.
    pub(super) fn prepend(&mut self, before: Self) {
        self.facts.splice(0..0, before.facts);
        self.unchecked.splice(0..0, before.unchecked);
        self.findings.splice(0..0, before.findings);
    }

    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fact in &self.facts {
            writeln!(f, "  {fact}")?;
        }
        for left in &self.unchecked {
            writeln!(f, "? {left}")?;
        }
        for Finding { name, what } in &self.findings {
            writeln!(f, "✗ {name}\n    {what}")?;
        }
        match self.findings.len() {
            0 => writeln!(f, "✓ 没有发现问题 · nothing is wrong with what was checked"),
            count => writeln!(f, "✗ 发现 {count} 处问题 · {count} things are wrong"),
        }
    }
}

/// What is wrong with an object.
pub(super) const fn fault_words(fault: Fault) -> Words {
    match fault {
        Fault::Foreign => words("不是店簿的对象", "does not begin as an object of a vault does"),
        Fault::Newer => {
            words("由更新的版本写入；请更新本工具", "written by a newer version; update this tool to check it")
        }
        Fault::TooLarge => words("超过对象的最大长度", "larger than an object may be"),
        Fault::Truncated => words("被截断，或后面多了内容", "cut off, or longer than it says"),
        Fault::Misplaced => words(
            "内容属于别的名字或别的账簿：被换过或改过",
            "belongs under another name or to another vault: it was swapped or altered",
        ),
        Fault::BadSignature => words("签名不是其作者的：被改过", "the signature is not its author's: it was altered"),
        Fault::UnknownEpoch => words("缺少解开它的钥匙", "the key that opens it is not known"),
        Fault::BadSeal => words("封印已破：内容被改过", "the seal is broken: it was altered"),
        Fault::Malformed => words("签名无误，但内容读不懂", "signed well, but what is inside cannot be read"),
        Fault::BrokenChain => words(
            "与前一个对象或承诺的散列不相连",
            "does not continue the object before it, or is not the one that was promised",
        ),
        Fault::Fork => words("同一编号有两份不同的历史", "two different histories have one number"),
        Fault::RolledBack => words("比以前的旧：被放回了从前的样子", "older than it was: it was set back"),
        Fault::Gap => words("操作编号有缺，或属于别的设备", "operations are missing, or are another device's"),
        Fault::StampReused => words("时间戳没有增长", "a stamp is not later than the one before"),
        Fault::UnknownMember => words(
            "作者未加入，或邀请它的记录缺失",
            "its author has not enrolled, or the invitation it came with is missing",
        ),
        Fault::BadEnrolment => words("加入的证明是假的", "the proof of an enrolment is false"),
        Fault::NotVisible => words("已被承诺，但不在这里", "promised, and not there"),
        Fault::Refused => words("无法读取", "could not be read"),
        Fault::UnknownEntry => {
            words("未知类型的记录，由更新的版本写入", "an entry of an unknown type, written by a newer version")
        }
        Fault::Removed => words("在设备移出以后写的", "written after its author was removed"),
        Fault::NotAllowed => words("有超出作者角色的操作", "holds operations beyond its author's role"),
        Fault::FalseSnapshot => words("快照与它所说的不符", "a snapshot that does not hold what it says"),
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, values) = match self {
            Self::Place(RemoteError::NoBucket) => (
                words(
                    "这里没有数据：请检查文件夹或桶名。",
                    "There is no data here: check the folder or the bucket's name.",
                ),
                String::new(),
            ),
            Self::Place(RemoteError::Denied(code)) => (
                words(
                    "存储桶拒绝了（{}）：请检查密钥和权限。",
                    "The bucket refused ({}): check the keys and their rights.",
                ),
                code.clone(),
            ),
            Self::Place(RemoteError::Offline) => (
                words(
                    "连不上存储桶：请检查地址和网络。",
                    "The bucket cannot be reached: check the address and the network.",
                ),
                String::new(),
            ),
            Self::Place(error) => (
                words(
                    "无法读写（{}）。请检查地址、路径和剩余空间。",
                    "It cannot be read or written ({}). Check the address, the path and free space.",
                ),
                error.to_string(),
            ),
            Self::NoVault(others) if others.is_empty() => {
                (words("这里没有账簿。", "There is no vault here."), String::new())
            }
            Self::NoVault(others) => (
                words(
                    "这个前缀下没有账簿；请用 --prefix 指定其中之一：{}",
                    "There is no vault under this prefix; name one of these with --prefix: {}",
                ),
                others.join(", "),
            ),
            Self::Link => {
                (words("这不是邀请链接：请完整复制。", "This is no invitation link: copy all of it."), String::new())
            }
            Self::OtherVault => (
                words(
                    "这个邀请属于另一本账簿，它不在这里。",
                    "This invitation is that of another vault, which is not here.",
                ),
                String::new(),
            ),
            Self::Withdrawn => (
                words(
                    "这个邀请已被撤回，打不开账簿。请用新的邀请。",
                    "This invitation was taken back and opens nothing. Use a new one.",
                ),
                String::new(),
            ),
            Self::Invitation(why) => (
                words(
                    "邀请打不开账簿（{}）。请用新的邀请。",
                    "The invitation does not open the vault ({}). Use a new one.",
                ),
                (*why).to_owned(),
            ),
            Self::Busy => (
                words(
                    "另一个 dianbu-endpoint 正在使用这个文件夹。请先停止它。",
                    "Another dianbu-endpoint uses this folder. Stop it first.",
                ),
                String::new(),
            ),
            Self::Taken(names) => (
                words(
                    "目标中已有不同的内容，没有写入任何东西。请换一个空的桶或文件夹：{}",
                    "The target holds something else under these names; nothing was written. Choose an empty bucket or folder: {}",
                ),
                names.iter().take(5).cloned().collect::<Vec<_>>().join(", "),
            ),
            Self::SameFolder => {
                (words("备份须放在另一个文件夹。", "A backup goes into a folder of its own."), String::new())
            }
        };
        let text = Text::new(text, &[&values]);
        write!(f, "{}\n{}", text.zh, text.en)
    }
}

impl std::error::Error for VaultError {}
