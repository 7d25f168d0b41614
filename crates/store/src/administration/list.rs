//! Agents and desks as tables: one row a line, tabs between.

use madoguchi_domain::BrandId;

use crate::{
    agents::{Desk, Listed},
    import::Language,
};

/// The agents.
pub(super) fn agents(agents: &[Listed], language: Language) -> String {
    let head = match language {
        Language::En => ["name", "display name", "role", "brands", "desk brands", "state"],
        Language::Ja => ["名前", "表示名", "役割", "ブランド", "端末に置くブランド", "状態"],
    };
    table(
        head,
        agents.iter().map(|agent| {
            [
                agent.name.clone(),
                agent.display_name.clone(),
                agent.role.word().to_owned(),
                brands(&agent.brands, language),
                brands(
                    if agent.desk_brands.is_empty() { &agent.brands } else { &agent.desk_brands },
                    language,
                ),
                match (agent.disabled_at, language) {
                    (None, Language::En) => "enabled".to_owned(),
                    (None, Language::Ja) => "有効".to_owned(),
                    (Some(at), Language::En) => format!("disabled since {at}"),
                    (Some(at), Language::Ja) => format!("停止中（{at} から）"),
                },
            ]
        }),
    )
}

/// The desks.
pub(super) fn desks(desks: &[Desk], language: Language) -> String {
    let head = match language {
        Language::En => ["desk", "agent", "machine", "last seen", "state"],
        Language::Ja => ["端末", "担当者", "コンピューター名", "最後の接続", "状態"],
    };
    table(
        head,
        desks.iter().map(|desk| {
            [
                desk.id.to_string(),
                desk.agent.clone(),
                desk.label.clone(),
                desk.last_seen_at.to_string(),
                match (desk.revoked_at, language) {
                    (None, Language::En) => "in use".to_owned(),
                    (None, Language::Ja) => "利用中".to_owned(),
                    (Some(at), Language::En) => format!("revoked {at}"),
                    (Some(at), Language::Ja) => format!("失効（{at}）"),
                },
            ]
        }),
    )
}

fn brands(brands: &[BrandId], language: Language) -> String {
    match (brands, language) {
        ([], Language::En) => "every brand".to_owned(),
        ([], Language::Ja) => "すべて".to_owned(),
        (brands, _) => brands.iter().map(|brand| brand.0.as_str()).collect::<Vec<_>>().join(","),
    }
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut lines = vec![head.join("\t")];
    // A machine names itself: what it says must not steer the operator's terminal or begin a row of its own.
    let tame = |cell: String| cell.replace(char::is_control, " ");
    lines.extend(rows.map(|row| row.map(tame).join("\t")));
    lines.join("\n")
}
