//! What went wrong, in words that say what to do.

use crate::domain::role::Role;
use crate::store::StoreError;
use crate::store::key::META_KEY;
use crate::words::{Words, words};

/// Why the store refused.
pub fn store(error: &StoreError) -> Words {
    match error {
        StoreError::Damaged(what) if what == META_KEY => words(
            "本机的钥匙不见了，内容打不开。请不要清除数据，先从其他设备同步或联系负责人。",
            "The key of this device is gone, so its data cannot be opened. Do not clear it; sync from another device or ask the vault owner.",
        ),
        StoreError::Full => words(
            "没有保存：设备空间已满。请清理空间后再试；已有数据没有变化。",
            "Not saved: the device is full. Free some space and try again; your data is unchanged.",
        ),
        StoreError::Closed => words(
            "没有保存：数据库已被关闭。请重新打开本页。",
            "Not saved: the database was closed. Please reload this page.",
        ),
        StoreError::Newer => words(
            "数据由更新的版本写入。请更新本应用。",
            "The data was written by a newer version. Please update the app.",
        ),
        StoreError::Unavailable(_) => words(
            "浏览器不允许在本机保存数据。请退出无痕模式，或换一个浏览器。",
            "The browser does not allow data to be kept here. Leave private browsing or use another browser.",
        ),
        StoreError::NotAllowed(Role::Removed) => words(
            "没有保存：这台设备已被负责人移出账簿。",
            "Not saved: the vault owner removed this device from the book.",
        ),
        StoreError::NotAllowed(Role::Viewer) => words(
            "没有保存：这台设备只能看。需要记录时，请负责人改角色。",
            "Not saved: this device may only read. To record something, ask the vault owner for another role.",
        ),
        StoreError::NotAllowed(_) => words(
            "没有保存：这台设备的角色不能改这一项。需要时请负责人改角色。",
            "Not saved: the role of this device does not cover this. Ask the vault owner if you need it.",
        ),
        StoreError::Damaged(_) => words(
            "本机数据无法读取。请不要清除数据，先从其他设备同步或联系负责人。",
            "The data on this device cannot be read. Do not clear it; sync from another device or ask the vault owner.",
        ),
        StoreError::Other(_) => words(
            "没有保存：浏览器没能写入，常见原因是设备空间已满。请清理空间后再试，仍不行请重新打开本页；已有数据没有变化。",
            "Not saved: the browser could not write, most often because the device is full. Free some space and try again, or reload this page; your data is unchanged.",
        ),
    }
}
