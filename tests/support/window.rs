//! The window, and a hand to use it: things are named as a person would name them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{
    PATIENCE, programs,
    session::Session,
    webdriver::{ELEMENT, Refusal, WebDriver},
    words::Words,
};

const LIBRARY: &str = include_str!("window.js");

/// Something in the window: what it is, what it is called, what it says.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Thing {
    role: &'static str,
    name: Option<String>,
    part: bool,
    text: Vec<String>,
    within: Option<Box<Thing>>,
}

impl Thing {
    /// Of this role and name.
    pub fn new(role: &'static str, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::any(role) }
    }

    /// Of this role, whatever its name.
    #[must_use]
    pub fn any(role: &'static str) -> Self {
        Self { role, name: None, part: false, text: Vec::new(), within: None }
    }

    /// Whose name holds the given one.
    #[must_use]
    pub fn roughly(self) -> Self {
        Self { part: true, ..self }
    }

    /// In which this stands to be read, too.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.text.push(text.into());
        self
    }

    /// Inside another.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        Self { within: Some(Box::new(outer)), ..self }
    }
}

/// A button.
pub fn button(name: impl Into<String>) -> Thing {
    Thing::new("button", name)
}

/// A line or area to type in.
pub fn field(name: impl Into<String>) -> Thing {
    Thing::new("textbox", name)
}

/// A dialog.
pub fn dialog() -> Thing {
    Thing::any("dialog")
}

/// The window of one story.
pub struct Window {
    driver: WebDriver,
    session: Session,
    words: Words,
    name: String,
}

impl Window {
    /// Opens the window in `session`, which it takes along. `name` is the story's, for its pictures.
    pub async fn open(name: impl Into<String>, session: Session) -> Self {
        let driver = WebDriver::start(&session).await;
        let words = Words::read(session.language());
        Self { driver, session, words, name: name.into() }
    }

    /// The words that the window uses for this English.
    #[must_use]
    pub fn word(&self, english: &str) -> &str {
        self.words.of(english)
    }

    /// All its words.
    #[must_use]
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// The session that the window runs in.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Closes the window and gives back its session, to open it again.
    pub async fn close(self) -> Session {
        self.driver.close().await;
        self.session
    }

    /// Runs `script` with `args` in the page.
    pub async fn run(&self, script: &str, args: Value) -> Value {
        let outcome = self.try_run(script, args).await;
        match outcome {
            Ok(value) => value,
            Err(refusal) => self.fail(&format!("script: {refusal}")).await,
        }
    }

    /// Runs `script` in the page and gives what went wrong as well.
    pub async fn try_run(&self, script: &str, args: Value) -> Result<Value, Refusal> {
        let body = json!({"script": format!("{LIBRARY}\n{script}"), "args": args});
        self.driver.post("execute/sync", body).await
    }

    /// Awaits the promise that `script` gives: `{value}`, or `{error}` with what it was refused with.
    pub async fn promise(&self, script: &str, args: Value) -> Result<Value, Value> {
        let script = format!(
            "{LIBRARY}\nconst done = arguments[arguments.length - 1];\n\
             (async (...args) => {{ {script} }})(...arguments).then(\
             (value) => done({{ value: value ?? null }}), \
             (error) => done({{ error: error instanceof Error ? String(error) : (error ?? null) }}));"
        );
        let answer = self.driver.post("execute/async", json!({"script": script, "args": args})).await;
        match answer {
            Ok(mut answer) if answer.get("error").is_some() => Err(answer["error"].take()),
            Ok(mut answer) => Ok(answer["value"].take()),
            Err(refusal) => self.fail(&format!("script: {refusal}")).await,
        }
    }

    /// Calls one of the window's own commands, as its pages do.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.promise(
            "return await window.__TAURI_INTERNALS__.invoke(args[0], args[1]);",
            json!([command, arguments]),
        )
        .await
    }

    /// Waits until `condition` (an expression over `args`) holds, and gives its value.
    pub async fn until(&self, what: &str, condition: &str, args: Value) -> Value {
        match self.wait(condition, args).await {
            Value::Null => self.fail(&format!("waited in vain: {what}")).await,
            found => found,
        }
    }

    async fn wait(&self, condition: &str, args: Value) -> Value {
        let script = format!(
            "{LIBRARY}\nconst args = arguments; const done = arguments[arguments.length - 1];\n\
             until(() => ({condition}), {}, done);",
            PATIENCE.as_millis() / 2
        );
        match self.driver.post("execute/async", json!({"script": script, "args": args})).await {
            Ok(mut answer) => {
                if let Some(failed) = answer.get("failed") {
                    let failed = failed.to_string();
                    self.fail(&failed).await;
                }
                answer["found"].take()
            }
            Err(refusal) => self.fail(&format!("script: {refusal}")).await,
        }
    }

    /// Waits until it is in sight. Of several, the first.
    pub async fn see(&self, thing: &Thing) -> Value {
        self.until(&format!("{thing:?}"), "all(args[0])[0]", json!([thing])).await
    }

    /// Waits until it is out of sight.
    pub async fn gone(&self, thing: &Thing) {
        self.until(&format!("no {thing:?}"), "all(args[0]).length === 0", json!([thing])).await;
    }

    /// How many are in sight at this moment.
    pub async fn count(&self, thing: &Thing) -> u64 {
        self.run("return all(arguments[0]).length;", json!([thing])).await.as_u64().unwrap_or(0)
    }

    /// Waits until this stands somewhere in the window.
    pub async fn says(&self, text: &str) {
        self.until(&format!("“{text}”"), "tidy(document.body.innerText).includes(args[0])", json!([text]))
            .await;
    }

    /// Whether this stands somewhere in the window at this moment.
    pub async fn is_said(&self, text: &str) -> bool {
        let found =
            self.run("return tidy(document.body.innerText).includes(arguments[0]);", json!([text])).await;
        found == Value::Bool(true)
    }

    /// What stands to be read in it, as soon as it is in sight.
    pub async fn text(&self, thing: &Thing) -> String {
        let element = self.see(thing).await;
        let text = self
            .run("return tidy(arguments[0].innerText ?? arguments[0].value ?? '');", json!([element]))
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks it, as soon as it is in sight and can be used.
    pub async fn click(&self, thing: &Thing) {
        let usable = "all(args[0]).filter((element) => !element.disabled && element.getAttribute('aria-disabled') !== 'true')[0]";
        let element = self.until(&format!("usable {thing:?}"), usable, json!([thing])).await;
        let id = element[ELEMENT].as_str().unwrap_or_default().to_owned();
        if let Err(refusal) = self.driver.post(&format!("element/{id}/click"), json!({})).await {
            self.fail(&format!("click on {thing:?}: {refusal}")).await;
        }
    }

    /// Puts `text` in place of what stands in a field.
    pub async fn fill(&self, thing: &Thing, text: &str) {
        self.click(thing).await;
        self.keys("Control+a").await;
        self.keys("Backspace").await;
        self.type_text(text).await;
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) {
        let strokes = text
            .chars()
            .flat_map(|c| [json!({"type": "keyDown", "value": c}), json!({"type": "keyUp", "value": c})]);
        self.strokes(strokes.collect()).await;
    }

    /// Presses keys together, as the registry writes them: `Control+k`, `Enter`.
    pub async fn keys(&self, together: &str) {
        let keys: Vec<char> = together.split('+').map(key).collect();
        let down = keys.iter().map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys.iter().rev().map(|key| json!({"type": "keyUp", "value": key}));
        self.strokes(down.chain(up).collect()).await;
    }

    async fn strokes(&self, strokes: Vec<Value>) {
        let body = json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]});
        if let Err(refusal) = self.driver.post("actions", body).await {
            self.fail(&format!("typing: {refusal}")).await;
        }
    }

    /// What a dialog of the engine says, if one is open.
    pub async fn alert(&self) -> Option<String> {
        let said = self.driver.get("alert/text").await;
        said.ok().map(|text| text.as_str().unwrap_or_default().to_owned())
    }

    /// Saves a PNG of the screen.
    pub fn picture(&self, path: &Path) {
        self.session.picture(path);
    }

    /// Ends the story: says what was on the screen and leaves a picture of it beside what cargo builds.
    pub async fn fail(&self, what: &str) -> ! {
        let outline = self.try_run("return outline();", json!([])).await;
        let outline =
            outline.map_or_else(|refusal| refusal.to_string(), |text| text.as_str().unwrap_or("").to_owned());
        let picture = self.failure_picture();
        self.session.picture(&picture);
        panic!("{}: {what}\nOn the screen ({}):\n{outline}", self.name, picture.display());
    }

    fn failure_picture(&self) -> PathBuf {
        let folder = programs::beside("window-failures");
        std::fs::create_dir_all(&folder).expect("a folder beside what cargo builds");
        folder.join(format!("{}.png", self.name))
    }
}

fn key(name: &str) -> char {
    match name {
        "Backspace" => '\u{e003}',
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Shift" => '\u{e008}',
        "Control" => '\u{e009}',
        "Escape" => '\u{e00c}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "Space" => ' ',
        other => other.chars().next().expect("a key has a name"),
    }
}
