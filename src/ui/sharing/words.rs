//! What a round came to, in words that say what to do.

use crate::book::DevId;
use crate::remote::RemoteError;
use crate::remote::probe::{ProbeFault, Right};
use crate::sync::fault::Fault;
use crate::sync::report::Trouble;
use crate::ui::app::App;
use crate::ui::trouble::store;
use crate::words::{Words, words};

/// Whether it only says that there is no network: nothing is wrong then.
pub const fn is_offline(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Remote(RemoteError::Offline))
}

/// The name of a device, or the beginning of its id as long as no name is known.
pub fn device(app: App, dev: DevId) -> String {
    app.device_name(dev).unwrap_or_else(|| dev.to_string().chars().take(6).collect())
}

/// A trouble: what is so and what to do.
pub fn trouble(app: App, trouble: &Trouble) -> String {
    let say = |zh, en| app.say(zh, en).to_owned();
    let name = |dev| app.device_name(dev).unwrap_or_else(|| say("一台设备", "a device"));
    match trouble {
        Trouble::Cloned => say(
            "这台设备的数据像是从另一台复制来的：只接收，不再发送。让它作为一台新设备继续，还没发送的内容会一起带走。",
            "This device's data looks copied from another one: it receives but no longer sends. Let it go on as a device of its own; what it has not sent comes along.",
        ),
        Trouble::BucketEmpty => say(
            "存储桶是空的。本机数据都在；可以把本机内容重新放回桶里。",
            "The bucket is empty. Nothing is lost here; you can put this device's part back into it.",
        ),
        Trouble::BucketBehind => say(
            "存储桶被恢复成了旧的样子，本机缺的部分已经补上。请让其他设备也打开一次。",
            "The bucket was set back to an older state; what was missing from here is back. Open the other devices once too.",
        ),
        Trouble::Occupied { name } => app.fill(
            "桶里的 {} 不是本机写的，本机暂停发送。",
            "{} in the bucket was not written by this device; sending has stopped.",
            &[name],
        ),
        Trouble::LocalDamage { what } => app.fill(
            "本机的 {} 读不出来，请从其他设备同步。",
            "{} on this device cannot be read; sync from another device.",
            &[what],
        ),
        Trouble::Store(error) => store(error).r#in(app.lang.get()).to_owned(),
        Trouble::Undeleted { .. } => say(
            "有抹去的资料还留在存储桶里：密钥不允许删除。请在存储桶的权限里加上删除。",
            "Erased data is still in the bucket: its key may not delete. Add the right to delete to the bucket's rules.",
        ),
        Trouble::OpTooLarge { .. } => say(
            "有一条记录太大，放不进存储桶。请把长文字拆开。",
            "One record is too large for the bucket. Split its long text.",
        ),
        Trouble::Remote(error) => remote(error).r#in(app.lang.get()).to_owned(),
        Trouble::Fork { dev, .. } => app.fill(
            "“{}”出现了两份不同的历史，请检查它的数据是否被复制过。",
            "Two different histories of “{}” exist; was its data copied?",
            &[&name(*dev)],
        ),
        Trouble::Withheld { dev, .. } => app.fill(
            "“{}”的一部分修改一直没有出现在桶里，可能被扣留或删除。",
            "Some changes of “{}” never appear in the bucket; they may be withheld or deleted.",
            &[&name(*dev)],
        ),
        Trouble::ClockAhead { dev, .. } => app.fill(
            "“{}”的时钟快了，请校准。它的修改照常保留。",
            "The clock of “{}” is ahead; please set it. Its changes count as usual.",
            &[&name(*dev)],
        ),
        Trouble::OwnClock { .. } => say(
            "本机时钟不准，已自动校正写入的时间。请校准系统时钟。",
            "This device's clock is wrong; what it writes is corrected. Please set the clock.",
        ),
        Trouble::Overused { .. } => say(
            "有一个邀请被使用的次数超过了限制，请查看设备名单。",
            "An invitation was used more often than allowed; look at the list of devices.",
        ),
    }
}

/// Why the bucket did not do it.
pub const fn remote(error: &RemoteError) -> Words {
    match error {
        RemoteError::NotFound => words(
            "桶里没有要找的内容，邀请可能已被撤回。",
            "It is not in the bucket; the invitation may have been withdrawn.",
        ),
        RemoteError::NoBucket => {
            words("没有这个名字的存储桶，请核对桶名。", "There is no bucket of this name; check the name.")
        }
        RemoteError::Conflict => words("桶里已有同名内容。", "The name is already taken in the bucket."),
        RemoteError::Denied(_) => {
            words("存储桶拒绝了：请核对密钥和权限。", "The bucket refused: check the key and its rights.")
        }
        RemoteError::Skew { .. } => words(
            "本机时钟差得太多，存储桶拒绝了。请校准时钟。",
            "The clock of this device is too far off for the bucket. Please set it.",
        ),
        RemoteError::Offline => words(
            "连不上存储桶。一切照常可用，联网后自动同步。",
            "The bucket cannot be reached. Everything works; it syncs when the network is back.",
        ),
        RemoteError::Status(_) => {
            words("存储桶暂时出错，稍后会再试。", "The bucket reports an error; it is tried again later.")
        }
        RemoteError::TooLarge => words("内容太大，存储桶不接受。", "Too large for the bucket."),
        RemoteError::Malformed(_) => {
            words("地址或桶名的格式不对，请核对。", "The address or the bucket's name is not valid; please check.")
        }
    }
}

/// Why an object of another device is held.
pub const fn fault(fault: Fault) -> Words {
    match fault {
        Fault::Newer | Fault::UnknownEntry => {
            words("由更新的版本写入，请更新本应用", "written by a newer version: update the app")
        }
        Fault::NotVisible => words("还没有出现在桶里", "not in the bucket yet"),
        Fault::Refused => words("存储桶拒绝读取", "the bucket refused to hand it out"),
        Fault::UnknownMember | Fault::BadEnrolment => words("来自未被邀请的设备", "from a device that was not invited"),
        Fault::UnknownEpoch => words("缺少解开它的钥匙", "its key is not here"),
        Fault::Removed => words("设备移出以后写的，没有采用", "written after the device was removed: not applied"),
        Fault::NotAllowed => words("超出这台设备的角色，没有采用", "beyond the role of the device: not applied"),
        Fault::RolledBack => words("比以前读到的旧", "older than what was read before"),
        _ => words("内容被改动或损坏，没有采用", "altered or damaged: not applied"),
    }
}

/// What the connection test found.
pub fn probe(app: App, fault: &ProbeFault) -> String {
    let say = |zh, en| app.say(zh, en).to_owned();
    match fault {
        ProbeFault::Unreachable => say(
            "这个地址没有回应，请核对地址和网络。",
            "Nothing answers at this address; check the address and the network.",
        ),
        ProbeFault::Cors => say(
            "地址有回应，但浏览器不让读取：请在存储桶里添加下面的 CORS 规则。",
            "Something answers, but the browser may not read it: add the CORS rule below to the bucket.",
        ),
        ProbeFault::Clock => {
            say("本机时钟差得太多，请校准后再试。", "The clock of this device is too far off; set it and try again.")
        }
        ProbeFault::Key(code) => app.fill("密钥不对（{}）。", "The key is not right ({}).", &[code]),
        ProbeFault::NoBucket => say("没有这个名字的存储桶。", "There is no bucket of this name."),
        ProbeFault::Right(right, code) => {
            app.fill("密钥没有“{}”的权限（{}）。", "The key may not {} ({}).", &[right_name(app, *right), code])
        }
        ProbeFault::Altered => say(
            "写入的内容读回来不一样，这个存储桶不能用。",
            "What was written came back changed; this bucket cannot be used.",
        ),
        ProbeFault::Other(right, error) => app.fill(
            "在“{}”时出错：{}",
            "While trying to {}: {}",
            &[right_name(app, *right), remote(error).r#in(app.lang.get())],
        ),
    }
}

fn right_name(app: App, right: Right) -> &'static str {
    match right {
        Right::List => app.say("列出", "list"),
        Right::Put => app.say("写入", "write"),
        Right::Get => app.say("读取", "read"),
        Right::Delete => app.say("删除", "delete"),
    }
}
