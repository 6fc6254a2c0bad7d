//! The page that shows what happened. One file, pictures inside, no address outside.

use crate::story::Told;
use data_encoding::BASE64;
use std::fmt::Write as _;
use zhicha_domain::time::city_minute;

const STYLE: &str = "
body{font:16px/1.6 'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif;color:#1c2430;background:#f5f6f8;margin:0}
main{max-width:1040px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:28px;margin:0 0 4px}h2{font-size:20px;margin:40px 0 12px;border-left:4px solid #0b4ea2;padding-left:10px}
.sub{color:#565f6c}.cards{display:flex;gap:12px;flex-wrap:wrap;margin-top:20px}
.card{background:#fff;border:1px solid #d9dee5;border-radius:8px;padding:12px 18px;min-width:150px}
.card b{display:block;font-size:26px;color:#0b4ea2}
td:first-child,.n{white-space:nowrap}table{border-collapse:collapse;width:100%;background:#fff;font-size:14px}
th,td{border:1px solid #d9dee5;padding:6px 10px;text-align:left;vertical-align:top}th{background:#eef2f7}
code{font:12px/1.4 monospace;color:#3d4753;word-break:break-all}
.same{color:#0a6136;font-weight:600}
.screens{display:flex;gap:12px;overflow-x:auto;align-items:flex-start}.screens img{height:520px;border:1px solid #d9dee5;border-radius:8px}
.pics{display:flex;gap:12px;flex-wrap:wrap}figure{margin:0;background:#fff;border:1px solid #d9dee5;border-radius:8px;overflow:hidden;width:240px}
figure img{width:240px;height:180px;object-fit:cover;display:block}figcaption{padding:6px 10px;font-size:13px}
";

pub(crate) fn html(told: &Told) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>直查演示</title><style>",
    );
    page += STYLE;
    page += "</style><main><h1>直查：一次“四不两直”的全过程</h1>";
    let _ = write!(
        page,
        "<p class=sub>全部由真实程序完成，用时 {:.0} 秒。照片：{}<br>Planned, visited without a network, synced, reviewed, dispatched, rechecked, listed: all by the real programs.</p>",
        told.seconds,
        escape(&told.photos_from)
    );
    let bytes: u64 = told.files.iter().map(|f| f.bytes).sum();
    page += "<div class=cards>";
    for (value, label) in [
        (told.problems.len().to_string(), "个问题"),
        (told.pictures.len().to_string(), "张照片"),
        (
            told.failed_attempts.to_string(),
            "次连接失败（第一次和最后一次保存之间，服务器停着）",
        ),
        (told.files.len().to_string(), "个文件两边校验值一致"),
        (format!("{:.1} MB", bytes as f64 / 1e6), "照片数据"),
    ] {
        let _ = write!(page, "<div class=card><b>{value}</b>{label}</div>");
    }
    page += "</div><h2>经过</h2><table><tr><th>时间<th>谁<th>做了什么</tr>";
    for s in &told.steps {
        let _ = write!(
            page,
            "<tr><td>{}<td>{}<td>{}</tr>",
            seconds(s.at_ms),
            s.who,
            escape(&s.what)
        );
    }
    page += "</table><h2>屏幕</h2><div class=screens>";
    for (name, png) in &told.screens {
        let _ = write!(
            page,
            "<img alt=\"{}\" src=\"data:image/png;base64,{}\">",
            escape(name),
            BASE64.encode(png)
        );
    }
    page += "</div><h2>问题</h2><table><tr><th>编号<th>临时编号<th>类别<th>位置<th>描述<th>状态<th>时限</tr>";
    for p in &told.problems {
        let field = |name: &str| escape(p[name].as_str().unwrap_or_default());
        let deadline = p["deadline_ms"]
            .as_i64()
            .map(city_minute)
            .unwrap_or_default();
        let state = p["state"]
            .as_str()
            .and_then(zhicha_domain::workflow::State::from_key)
            .map_or("", |s| s.zh());
        let category = p["category"]
            .as_str()
            .and_then(zhicha_domain::catalog::category)
            .map_or("", |c| c.zh.as_str());
        let _ = write!(
            page,
            "<tr><td>{}<td class=n>{}<td>{category}<td>{}<td>{}<td class=n>{state}<td class=n>{deadline}</tr>",
            field("no"),
            field("temp_no"),
            field("place"),
            field("note"),
        );
    }
    page += "</table><h2>照片</h2><div class=pics>";
    for (no, caption, jpeg) in &told.pictures {
        let _ = write!(
            page,
            "<figure><img alt=\"{0} {1}\" src=\"data:image/jpeg;base64,{2}\"><figcaption>{0} {1}</figcaption></figure>",
            escape(no),
            escape(caption),
            BASE64.encode(jpeg)
        );
    }
    page += "</div><h2>校验值：手机与服务器</h2><table><tr><th>问题<th>文件<th>字节<th>手机 SHA-256<th>服务器 SHA-256<th></tr>";
    for f in &told.files {
        let _ = write!(
            page,
            "<tr><td>{}<td>{}<td>{}<td><code>{}</code><td><code>{}</code><td class='same n'>{}</tr>",
            escape(&f.temp_no),
            f.rendition,
            f.bytes,
            f.phone,
            f.server,
            if f.phone == f.server {
                "一致"
            } else {
                "不一致"
            }
        );
    }
    page += "</table></main></html>";
    page
}

fn seconds(ms: i64) -> String {
    format!(
        "{}:{:02}",
        city_minute(ms),
        ms.div_euclid(1000).rem_euclid(60)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
