//! Accessibility: axe-core over whatever stands in the window.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::{programs, window::Window};

/// axe-core as the window's own packages bring it; WebDriver's scripts are not under the page's security policy.
fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let path = programs::root().join("ui/node_modules/axe-core/axe.min.js");
        std::fs::read_to_string(path).expect("axe-core is among the window's packages: npm ci in ui/")
    })
}

/// What axe-core has against the screen, one line for each element: rule, element, reason. Waits for movement to end,
/// because half-faded text has no contrast.
pub async fn violations(window: &Window) -> Vec<String> {
    if window.run("return typeof window.axe;", json!([])).await != "object" {
        window.run(&format!("{}\nwindow.axe = axe;", axe()), json!([])).await;
    }
    let script = "
        const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
        await Promise.allSettled(moving.map((one) => one.finished));
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.flatMap((one) => one.nodes.map((node) =>
            `${one.id} (${one.impact}): ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`));";
    match window.promise(script, json!([])).await {
        Ok(Value::Array(lines)) => lines.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect(),
        Ok(other) | Err(other) => window.fail(&format!("axe-core did not run: {other}")).await,
    }
}
