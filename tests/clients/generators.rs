//! Making clients with other people's generators, compiling them, and running their calls.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;

use crate::calls::Call;
use crate::calls::Contract;

/// What made a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Generator {
    OpenapiTypescript,
    TypescriptFetch,
    Java,
}

impl std::fmt::Display for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OpenapiTypescript => "openapi-typescript",
            Self::TypescriptFetch => "typescript-fetch",
            Self::Java => "java",
        })
    }
}

/// A compiled client of a contract.
pub(crate) struct Client {
    pub(crate) generator: Generator,
    /// Where everything was made.
    work: PathBuf,
    /// The contract's number there: `c01`.
    key: String,
    classpath: String,
}

/// What came of a call.
pub(crate) enum Told {
    Reply(Value),
    Error(String),
}

/// Makes and compiles the clients of all contracts.
pub(crate) fn make(tools: &Path, contracts: &[Contract]) -> Vec<Vec<Client>> {
    let work = tools.join("work");
    let _ = fs::remove_dir_all(&work);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let keys: Vec<String> = (1..=contracts.len()).map(|number| format!("c{number:02}")).collect();
    let mut configs = Vec::new();
    for (key, contract) in keys.iter().zip(contracts) {
        let folder = work.join(key);
        fs::create_dir_all(folder.join("types")).unwrap();
        fs::write(folder.join("openapi.json"), &contract.document).unwrap();
        fs::write(folder.join("types/calls.ts"), typed_calls(&contract.calls)).unwrap();
        let less = json!({"apiTests": "false", "modelTests": "false", "apiDocs": "false", "modelDocs": "false"});
        let config = |generator: &str, folder_name: &str, properties: Value| {
            let config = json!({
                "generatorName": generator,
                "inputSpec": folder.join("openapi.json"),
                "outputDir": folder.join(folder_name),
                "globalProperties": less,
                "additionalProperties": properties,
            });
            let path = work.join(format!("{key}-{folder_name}.json"));
            fs::write(&path, config.to_string()).unwrap();
            path
        };
        configs.push(config("typescript-fetch", "fetch", json!({})));
        let java = json!({
            "hideGenerationTimestamp": "true",
            "invokerPackage": key,
            "apiPackage": format!("{key}.api"),
            "modelPackage": format!("{key}.model"),
        });
        configs.push(config("java", "java", java));
        let mut types = Command::new("node");
        types.arg(tools.join("node_modules/openapi-typescript/bin/cli.js")).arg(folder.join("openapi.json"));
        run(types.arg("-o").arg(folder.join("types/types.ts")));
    }
    run(Command::new("java").arg("-jar").arg(tools.join("openapi-generator.jar")).args(["batch", "-r", "2"]).args(&configs));

    fs::copy(own.join("tsconfig.json"), work.join("tsconfig.json")).unwrap();
    run(Command::new("node").arg(tools.join("node_modules/typescript/bin/tsc")).arg("-p").arg(&work));

    let classpath = fs::read_to_string(tools.join("classpath.txt")).unwrap().trim().to_owned();
    let sources = work.join("sources.txt");
    let mut list = fs::File::create(&sources).unwrap();
    for key in &keys {
        java_sources(&work.join(key).join("java/src/main/java"), &mut list);
    }
    writeln!(list, "\"{}\"", own.join("Driver.java").display()).unwrap();
    let mut javac = Command::new("javac");
    javac.args(["-nowarn", "-proc:none", "-encoding", "UTF-8", "-cp", &classpath, "-d"]).arg(work.join("classes"));
    run(javac.arg(format!("@{}", sources.display())));

    let all = [Generator::OpenapiTypescript, Generator::TypescriptFetch, Generator::Java];
    let client = |key: &String, generator| Client { generator, work: work.clone(), key: key.clone(), classpath: classpath.clone() };
    keys.iter().map(|key| all.into_iter().map(|generator| client(key, generator)).collect()).collect()
}

fn java_sources(folder: &Path, list: &mut fs::File) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            java_sources(&path, list);
        } else if path.extension().is_some_and(|kind| kind == "java") {
            writeln!(list, "\"{}\"", path.display()).unwrap();
        }
    }
}

/// A program whose requests are literals, so that the compiler judges them by the types of the document.
fn typed_calls(calls: &[Call]) -> String {
    let mut text = String::from(
        "import createClient from \"openapi-fetch\";\nimport type { paths } from \"./types\";\n\
         declare const process: { argv: string[] };\n\
         const client = createClient<paths>({ baseUrl: process.argv[2] });\n\
         async function show(call: Promise<{ data?: unknown; error?: unknown }>) {\n\
         \x20 const { data, error } = await call;\n\
         \x20 console.log(JSON.stringify(error === undefined ? { reply: data ?? null } : { error: JSON.stringify(error) }));\n}\n\
         async function all() {\n",
    );
    for call in calls {
        text += &format!("  await show(client.POST({}, {{ body: {} }}));\n", Value::from(call.route.as_str()), call.request);
    }
    text + "}\nvoid all();\n"
}

impl Client {
    /// Whether what it generates can say what a call says. Classes of typescript-fetch and of java hold no properties but those
    /// that the document names; those of java know no `null`; typescript-fetch makes an object of each choice between texts and
    /// objects.
    pub(crate) fn can_say(&self, call: &Call) -> bool {
        let both = [&call.request, &call.reply];
        match self.generator {
            Generator::OpenapiTypescript => true,
            Generator::TypescriptFetch => !call.has_typed_union && !both.into_iter().any(is_open),
            Generator::Java => !both.into_iter().any(|value| is_open(value) || holds_null(value)),
        }
    }

    /// Makes the calls.
    pub(crate) fn run(&self, gateway: &str, calls: &[Call]) -> Vec<Told> {
        let here = self.work.join(&self.key);
        let listed: Vec<Value> = calls.iter().map(|call| json!({"operation": call.operation, "request": call.request})).collect();
        let file = here.join(format!("{}.calls.json", self.generator));
        fs::write(&file, Value::from(listed).to_string()).unwrap();
        let out = self.work.join("out").join(&self.key);
        let mut command;
        match self.generator {
            Generator::OpenapiTypescript => {
                command = Command::new("node");
                command.arg(out.join("types/calls.js")).arg(gateway);
            }
            Generator::TypescriptFetch => {
                command = Command::new("node");
                command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/fetch.cjs"));
                command.arg(here.join("fetch")).arg(out.join("fetch")).arg(gateway).arg(&file);
            }
            Generator::Java => {
                let classes = self.work.join("classes");
                command = Command::new("java");
                command.arg("-cp").arg(format!("{}:{}", classes.display(), self.classpath)).arg("Driver");
                command.arg(&classes).args([&self.key, gateway]).arg(&file);
            }
        }
        let output = command.stderr(Stdio::inherit()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(told).collect()
    }
}

/// Whether a value has properties that no schema names.
fn is_open(value: &Value) -> bool {
    match value {
        Value::Object(all) => all.iter().any(|(key, value)| key.contains('{') || matches!(&**key, "$any" | "$mixed") || is_open(value)),
        Value::Array(all) => all.iter().any(is_open),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Object(all) => all.values().any(holds_null),
        Value::Array(all) => all.iter().any(holds_null),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn told(line: &str) -> Told {
    let mut value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    match value["error"].take() {
        Value::Null => Told::Reply(value["reply"].take()),
        Value::String(error) => Told::Error(error),
        other => Told::Error(other.to_string()),
    }
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let tail = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.chars().skip(text.chars().count().saturating_sub(8000)).collect::<String>()
    };
    assert!(output.status.success(), "{command:?} failed:\n{}\n{}", tail(&output.stdout), tail(&output.stderr));
}
