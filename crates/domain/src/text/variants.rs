//! Kanji that write the same name: old and new forms, and the variants of family registers.
//!
//! Only forms that people and offices exchange for each other in names are one class; 斉 and 斎 are two characters by
//! origin and one here, because nobody who hears *Saitō* knows which it is.

use std::{collections::HashMap, sync::LazyLock};

/// The usual form of `c`: the first of its class, or itself.
pub(super) fn usual(c: char) -> char {
    USUAL.get(&c).copied().unwrap_or(c)
}

static USUAL: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    CLASSES
        .split_whitespace()
        .filter_map(|class| class.chars().next().map(|usual| class.chars().skip(1).map(move |c| (c, usual))))
        .flatten()
        .collect()
});

/// One class a word, the usual form first.
const CLASSES: &str = "
高髙 崎﨑嵜碕 辺邊邉 斎齋斉齊 沢澤 浜濱濵 広廣 国國圀 桜櫻 竜龍 島嶋嶌 真眞 恵惠 蔵藏 吉𠮷 瀬瀨
関關 柳栁桺 徳德悳 栄榮 円圓 亀龜 富冨 静靜 黒黑 緑綠 瀧滝 槙槇 遥遙 館舘 鶴靏鸖靍 峰峯 岳嶽
楠柟 鉄鐵銕 桧檜 万萬 与與 両兩 並竝 乗乘 亜亞 仏佛 仙僊 会會 伝傳 体體 余餘 来來 価價 倹儉 児兒
党黨 内內 写冩寫 処處 凛凜 剣劍劔 剤劑 効效 労勞 励勵 勧勸 勲勳勛 区區 医醫 単單 厳嚴 参參 双雙
収收 叙敘 号號 台臺 営營 喜㐂 寿壽 涼凉 昇曻 団團 図圖 囲圍 圧壓 尭堯 塩鹽 増增 壊壞 壌壤 壮壯 声聲 壱壹 売賣
変變 奥奧 奨奬 姫姬 娯娛 学學 宝寶寳 実實 寛寬 寝寢 対對 専專 将將 尚尙 届屆 属屬 巌巖 巣巢
帯帶 帰歸 庁廳 庄荘莊 弁辨 弐貳 弥彌 弾彈 当當 彦彥 径徑 従從 応應 恒恆 悦悅 悩惱 慎愼 懐懷 戦戰
戯戲 戸戶 戻戾 払拂 抜拔 択擇 拝拜 拠據 挙擧 挿插 掲揭 揺搖 摂攝 撃擊 教敎 数數 断斷 旧舊 昼晝
晃晄 晋晉 暁曉 暦曆 曽曾 朗朖 条條 松枩柗 枢樞 桑桒 桝枡 梅楳 検檢 楼樓 楽樂 様樣 横橫 歩步 歯齒
歴歷 毎每 気氣 氷冰 浄淨 浅淺 清淸 渋澁 済濟 温溫 湾灣 満滿 灯燈 炉爐 為爲 煙烟 焼燒 焔焰 犠犧
状狀 狭狹 独獨 獣獸 瑶瑤 瓶甁 産產 画畫 畳疊 痩瘦 発發 県縣 砕碎 砺礪 礼禮 祇祗 祢禰 禄祿 禅禪
秋穐龝 称稱 稲稻 穂穗 穣穰 竈竃 箪簞 篠筱 粋粹 糸絲 経經 絵繪 継繼 続續 総總 緒緖 縁緣 縄繩 繊纖
翠翆 聡聰 粛肅 脇脅 脳腦 臓臟 舎舍 船舩 艶艷 芸藝 芦蘆 苅刈 茎莖 荊荆 莱萊 萌萠 蒋蔣 園薗
薫薰 薬藥 藪薮 虎乕 虫蟲 蛍螢 蝋蠟 衛衞 装裝 覚覺 覧覽 観觀 触觸 訳譯 証證 読讀 諌諫 譲讓
豊豐 予豫 賛贊 賢贒 頼賴 転轉 軽輕 輝煇 辞辭 迩邇 逓遞 遅遲 郎郞 郷鄕 釈釋 野埜 鈎鉤 鉱鑛 銭錢
鋭銳 録錄 鎌鐮 鎮鎭 閲閱 陥陷 隠隱 隣鄰 隷隸 雑雜 霊靈 青靑 面靣 頴穎 頬頰 顔顏 顕顯 飲飮 駅驛
駆驅 験驗 髪髮 鴎鷗 鴬鶯 鶏鷄雞 麟麐 麦麥 麹麴 麺麵 黄黃 黙默 鼓皷 齢齡 弘宖 秀秊 兎兔 鯵鰺
柿柹 邦邫 峡峽 嶺岭 奈柰 柏栢 杯盃 淵渕渊 猪豬 猫貓 畑畠 皐皋 蓋盖 稚穉 穏穩 綿緜 舗舖 蘇蘓 蚕蠶
蝶蜨 村邨 釜釡 陰隂 雁鴈 韮韭
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_in_one_class_only() {
        let mut class_of = HashMap::new();
        for class in CLASSES.split_whitespace() {
            assert!(class.chars().count() > 1, "{class} holds nothing to fold");
            for c in class.chars() {
                assert_eq!(class_of.insert(c, class), None, "{c} is in {class} and in another class");
            }
        }
        assert!(CLASSES.split_whitespace().count() > 250);
    }
}
