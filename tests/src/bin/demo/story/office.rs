//! The office's part, by hand in the console.

use super::{Diary, UNIT};
use crate::pictures::Photos;
use anyhow::Context as _;
use std::path::Path;
use tokio::runtime::Runtime;
use zhicha_tests::{console::Console, office::PASSWORD};

async fn picture(console: &Console, out: &Path, name: &str) -> anyhow::Result<()> {
    console.settled().await?;
    let to = out.join("screens").join(format!("console-{name}.png"));
    console.picture(&to).await
}

/// 审核, 交办, two 代录, 复查 by somebody else. `ids` are in the order they were found.
pub(super) fn play(
    rt: &Runtime,
    out: &Path,
    url: &str,
    ids: &[String],
    photos: &Photos,
    diary: &mut Diary,
) -> anyhow::Result<()> {
    rt.block_on(async {
        let reviewer = Console::sign_in(url, "reviewer", PASSWORD).await?;
        reviewer.open("review").await?;
        reviewer.says(&format!("待审 {}", ids.len())).await?;
        picture(&reviewer, out, "1-review").await?;
        reviewer.accept_all(ids.len()).await?;
        diary.note("审核员", format!("{} 个问题立案，没用鼠标", ids.len()));

        reviewer.prepare_notice(UNIT, "立行立改，举一反三").await?;
        picture(&reviewer, out, "2-dispatch").await?;
        reviewer.send_notice(UNIT).await?;
        diary.note("审核员", format!("交办给{UNIT}，24 小时内办结"));

        for (id, after) in ids.iter().zip(&photos.after).take(2) {
            reviewer
                .feedback(
                    id,
                    "执法队员到场清理，恢复通行",
                    "已清理完毕，明确专人每日巡查",
                    after,
                )
                .await?;
        }
        diary.note("审核员", "两条由单位电话反馈，代录，附整改后照片");

        let (first, second) = (
            ids.first().context("a first problem")?,
            ids.get(1).context("a second problem")?,
        );
        let rechecker = Console::sign_in(url, "rechecker", PASSWORD).await?;
        rechecker.recheck(first, "pass", "").await?;
        rechecker.says("已销号").await?;
        picture(&rechecker, out, "3-closed").await?;
        diary.note("复查", "第一条由另一位审核员复查通过，销号");
        rechecker.recheck(second, "fail", "仍有一盏不亮").await?;
        rechecker.says("复查不通过").await?;
        rechecker.step(second, "sendBack", "请再修").await?;
        rechecker.says("整改中").await?;
        diary.note("复查", "第二条不通过，退回重改");

        reviewer.open("ledger").await?;
        reviewer.at("ledger-row").await?;
        picture(&reviewer, out, "4-ledger").await?;
        reviewer.open("overview").await?;
        reviewer.css("h1").await?;
        picture(&reviewer, out, "5-overview").await?;
        rechecker.close().await?;
        reviewer.close().await
    })
}
