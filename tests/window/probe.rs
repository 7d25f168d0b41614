use madoguchi_tests::{axe, company::*, session::*, window::*, words::Language};
use serde_json::json;
use crate::counter;
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe() {
    let company = Company::open(|_| {}).await;
    let window = counter::at_the_counter("probe", Language::En, &company).await;
    let go = async |n: &str| {
        window.promise("await new Promise((d) => setTimeout(d, 700));", json!([])).await.ok();
        window.picture(format!("/tmp/window-try/p-{n}.png").as_ref());
        let v = axe::violations(&window).await;
        println!("{n}: {} {v:#?}", v.len());
    };
    go("live").await;
    let colleague = company.colleague(window.session());
    let id = colleague.find_locked("田");
    println!("{id} {}", colleague.show(&id));
    counter::find(&window, "田").await;
    go("find").await;
    counter::find(&window, &id).await;
    window.until("somebody", "document.querySelector('[role=option][aria-selected=true]')", json!([])).await;
    go("find-id").await;
    window.keys("Enter").await;
    window.see(&counter::page(&window)).await;
    go("customer").await;
    println!("{}", window.run("return outline();", json!([])).await.as_str().unwrap());
    for key in ["u", "l", "s", "w", "n", "r", "?"] {
        window.keys(key).await;
        go(&format!("key-{}", key.replace('?', "q"))).await;
        println!("{}", window.run("return outline();", json!([])).await.as_str().unwrap());
        window.keys("Escape").await;
    }
    window.close().await;
}
