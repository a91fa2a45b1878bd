//! Links libxslt, libexslt and libxml2 of the system and compiles the small C file between them and castile, where XSLT is wanted.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "xslt")]
    xslt();
}

#[cfg(feature = "xslt")]
fn xslt() {
    for file in ["shim.c", "shim.h", "memory.c"] {
        println!("cargo:rerun-if-changed=src/xslt/{file}");
    }
    let mut shim = cc::Build::new();
    shim.files(["src/xslt/shim.c", "src/xslt/memory.c"]).std("gnu11").warnings(true).extra_warnings(true);
    for (library, oldest) in [("libexslt", "0.8.20"), ("libxslt", "1.1.34"), ("libxml-2.0", "2.9.11")] {
        match pkg_config::Config::new().atleast_version(oldest).probe(library) {
            Ok(found) => {
                shim.includes(found.include_paths);
            }
            Err(error) => {
                eprintln!("{error}");
                eprintln!("castile runs XSLT with the system's libxslt: install it with its headers (Debian, Ubuntu: libxslt1-dev and");
                eprintln!("pkg-config), or build without it: cargo build --no-default-features");
                std::process::exit(1);
            }
        }
    }
    shim.compile("castile_xslt");
}
