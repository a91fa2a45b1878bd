//! `castile xpath`: tries an expression on a document, as the gateway's steps evaluate it.

mod show;

use std::process::ExitCode;

use super::BAD;
use super::UNUSABLE;
use super::print;
use crate::cli::xpath::show::Answer;
use crate::xml::encoding::decode;
use crate::xml::error::XmlError;
use crate::xml::limits::Limits;
use crate::xml::reader::check;
use crate::xpath::Budget;
use crate::xpath::Document;
use crate::xpath::Environment;
use crate::xpath::Expression;
use crate::xpath::NodeId;
use crate::xpath::Program;
use crate::xpath::StreamError;
use crate::xpath::Type;
use crate::xpath::Value;

/// Options of `castile xpath`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The expression, XPath 1.0
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expression: String,

    /// The document; `-` is the standard input
    #[arg(value_name = "DOC")]
    pub(crate) document: String,

    /// A prefix of the expression and its namespace; may be given several times
    #[arg(long = "ns", value_name = "PREFIX=URI")]
    pub(crate) namespaces: Vec<String>,

    /// The context node: the first node that this expression finds, `/` unless given
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) context: Option<String>,

    /// Evaluate while the document passes; refused if the expression needs a tree
    #[arg(long, conflicts_with_all = ["tree", "context"])]
    pub(crate) stream: bool,

    /// Evaluate in a tree of the document
    #[arg(long)]
    pub(crate) tree: bool,

    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  castile xpath 'count(//item)' order.xml
  castile xpath '//o:Line[@no = 3]/o:Sku' order.xml --ns o=urn:example:orders
  castile xpath '../@id' order.xml --context '//item[2]' --json";

/// Runs the command: 0 and the value on stdout, 1 for a faulty expression or document, 2 for what cannot be used.
pub(crate) fn run(args: &Args) -> ExitCode {
    match evaluate(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(status) => status,
    }
}

fn evaluate(args: &Args) -> Result<(), ExitCode> {
    let environment = environment(&args.namespaces)?;
    let expression = compile(&args.expression, &environment)?;
    let context = match &args.context {
        Some(context) => Some(compile(context, &environment)?),
        None => None,
    };
    let bytes = super::read(&args.document)?;
    let decoded = decode(&bytes, None).map_err(|error| bad(&format!("{}: {error}", args.document)))?;
    check(&decoded.text, &Limits::default()).map_err(|error| faulty(args, &error, &decoded.text))?;
    let answer = match program(args, &expression)? {
        Ok(program) => in_passing(args, &program, &decoded.text)?,
        Err(why) => {
            eprintln!("evaluator: tree ({why})");
            in_tree(args, &expression, context.as_ref(), &decoded.text)?
        }
    };
    print(if args.json { answer.json() } else { answer.lines() }.as_bytes())
}

fn environment(namespaces: &[String]) -> Result<Environment, ExitCode> {
    let mut environment = Environment::default();
    for given in namespaces {
        let Some((prefix, uri)) = given.split_once('=').filter(|(prefix, _)| !prefix.is_empty()) else {
            eprintln!("--ns {given}: expected PREFIX=URI, e.g. --ns o=urn:example:orders");
            return Err(ExitCode::from(UNUSABLE));
        };
        environment = environment.with_namespace(prefix, uri);
    }
    Ok(environment)
}

fn compile(text: &str, environment: &Environment) -> Result<Expression, ExitCode> {
    Expression::compile(text, environment).map_err(|faults| {
        let rendered: Vec<String> = faults.iter().map(|fault| fault.render(text)).collect();
        bad(&rendered.join("\n"))
    })
}

/// How the expression can be evaluated while the document passes, or why it is evaluated in a tree.
fn program(args: &Args, expression: &Expression) -> Result<Result<Program, String>, ExitCode> {
    if args.tree {
        return Ok(Err(String::from("as asked for")));
    }
    if args.context.is_some() {
        return Ok(Err(String::from("for a context node other than `/`")));
    }
    match Program::new(&[expression]) {
        Err(why) if args.stream => Err(bad(&format!("the expression needs a tree: {}", why.reason))),
        program => Ok(program.map_err(|why| why.reason)),
    }
}

fn in_passing(args: &Args, program: &Program, text: &[u8]) -> Result<Answer, ExitCode> {
    eprintln!("evaluator: stream");
    match program.evaluate(text, &Limits::default(), &(), &mut Budget::default()) {
        Ok(values) => Ok(Answer::of_stream(values, text)),
        Err(StreamError::Document(error)) => Err(faulty(args, &error, text)),
        Err(StreamError::Evaluation(error)) => Err(bad(&error.to_string())),
    }
}

fn in_tree(args: &Args, expression: &Expression, context: Option<&Expression>, text: &[u8]) -> Result<Answer, ExitCode> {
    let document = Document::read(text, &Limits::default()).map_err(|error| faulty(args, &error, text))?;
    let node = match context {
        Some(context) => context_node(context, &document)?,
        None => document.root(),
    };
    Ok(Answer::of_tree(&value(expression, &document, node)?, &document))
}

fn context_node(context: &Expression, document: &Document<'_>) -> Result<NodeId, ExitCode> {
    if context.kind() != Type::NodeSet {
        return Err(bad(&format!("--context {}: expected a node-set, this is something else", context.text())));
    }
    match value(context, document, document.root())? {
        Value::Nodes(nodes) if !nodes.is_empty() => Ok(nodes.first().copied().unwrap_or(document.root())),
        Value::Nodes(_) | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => {
            Err(bad(&format!("--context {}: the document has no such node", context.text())))
        }
    }
}

fn value(expression: &Expression, document: &Document<'_>, node: NodeId) -> Result<Value, ExitCode> {
    expression.evaluate(document, node, &(), &mut Budget::default()).map_err(|error| bad(&error.to_string()))
}

fn faulty(args: &Args, error: &XmlError, text: &[u8]) -> ExitCode {
    bad(&format!("{}:{}: {error}", args.document, error.position(text)))
}

fn bad(words: &str) -> ExitCode {
    eprintln!("{words}");
    ExitCode::from(BAD)
}
