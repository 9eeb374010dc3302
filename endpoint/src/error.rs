//! Why an endpoint did not start, in both languages, with what to do.

use std::path::PathBuf;
use std::{fmt, io};

/// Why an endpoint did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    Listen {
        /// The address as given.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The data folder cannot be made, read or written.
    Data {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another endpoint runs over the same data folder.
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The credentials file cannot be read, is damaged or cannot be made.
    Keys {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Keys were given that no signature can carry.
    GivenKeys,
    /// The bucket's name is none by the rules of S3.
    Bucket {
        /// The name.
        name: String,
    },
    /// The folder of the app cannot be read.
    App {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The access log cannot be opened.
    Log {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (chinese, english) = match self {
            Self::Listen { address, source } => (
                format!("无法在 {address} 上监听（{source}）。请检查地址，或换一个没有被占用的端口。"),
                format!("Cannot listen on {address} ({source}). Check the address or choose a port that is free."),
            ),
            Self::Data { path, source } => (
                format!("无法使用数据文件夹 {}（{source}）。请检查路径、权限和剩余空间。", path.display()),
                format!("Cannot use the data folder {} ({source}). Check its path, rights and free space.", path.display()),
            ),
            Self::Busy { path } => (
                format!("另一个 dianbu-endpoint 正在使用 {}。请先停止它，或另选文件夹。", path.display()),
                format!("Another dianbu-endpoint uses {}. Stop it first, or choose another folder.", path.display()),
            ),
            Self::Keys { path, source } => (
                format!("无法读取或生成密钥文件 {}（{source}）。请修复它；删除后会生成新密钥，所有设备须重新连接。", path.display()),
                format!(
                    "Cannot read or make the credentials file {} ({source}). Repair it; if you delete it, new keys are \
                     made and every device must connect again.",
                    path.display()
                ),
            ),
            Self::GivenKeys => (
                "DIANBU_ACCESS_KEY 和 DIANBU_SECRET_KEY 必须同时设置，只能用可见的 ASCII 字符，前者不能含 /。".to_owned(),
                "DIANBU_ACCESS_KEY and DIANBU_SECRET_KEY must both be set, in visible ASCII, the first without a slash."
                    .to_owned(),
            ),
            Self::Bucket { name } => (
                format!("桶名 {name:?} 无效：3 到 63 个小写字母、数字、点或连字符，以字母或数字开头和结尾。"),
                format!("{name:?} is no bucket name: 3 to 63 lower-case letters, digits, dots or hyphens, a letter or digit at both ends."),
            ),
            Self::App { path, source } => (
                format!("无法读取应用文件夹 {}（{source}）。请先构建应用：cargo xtask run。", path.display()),
                format!("Cannot read the app's folder {} ({source}). Build the app first: cargo xtask run.", path.display()),
            ),
            Self::Log { path, source } => (
                format!("无法打开访问日志 {}（{source}）。请检查路径和权限。", path.display()),
                format!("Cannot open the access log {} ({source}). Check its path and rights.", path.display()),
            ),
        };
        write!(f, "{chinese}\n{english}")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. }
            | Self::Data { source, .. }
            | Self::Keys { source, .. }
            | Self::App { source, .. }
            | Self::Log { source, .. } => Some(source),
            Self::Busy { .. } | Self::GivenKeys | Self::Bucket { .. } => None,
        }
    }
}
