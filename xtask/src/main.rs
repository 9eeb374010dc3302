//! The project's own commands.

mod tables;

fn main() -> std::io::Result<()> {
    tables::run(std::path::Path::new("."))
}
