//! One problem with everything the papers may say about it.
//!
//! The fields are named by the keys of the table of columns. Which of them reach a paper is
//! decided by the table alone; a caller fills what it knows.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A place with its datum; see [`Row::lng_lat`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LngLat {
    /// Longitude in degrees, east positive.
    pub lng_deg: f64,
    /// Latitude in degrees, north positive.
    pub lat_deg: f64,
    /// The datum's name, such as WGS-84; always printed with the numbers.
    pub datum: String,
}

/// One picture of a problem, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// A JPEG, upright, without metadata a reader must not see. Empty when `missing` says why.
    #[serde(serialize_with = "length_only")]
    pub jpeg: Vec<u8>,
    /// Width in pixels as recorded; 0: not recorded. When the JPEG says otherwise it is not the
    /// recorded picture and is not shown as evidence.
    pub width_px: u32,
    /// Height in pixels as recorded; 0: not recorded.
    pub height_px: u32,
    /// What it shows and where it came from: 近景, 远景, 整改后, with 导入 where it applies.
    pub caption: String,
    /// Why there is no picture, such as 原图在手机上; stands in its place.
    pub missing: Option<String>,
}

/// One problem. Times are moments and are shown in UTC+8 to the minute.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// 序号; None: the running number of the export.
    pub seq: Option<u32>,
    /// 问题编号, official or temporary.
    pub issue_no: Option<String>,
    /// 交办批次/期号.
    pub batch_no: Option<String>,
    /// 检查轮次.
    pub round: Option<String>,
    /// 点位类型 by name.
    pub point_type: Option<String>,
    /// 点位名称.
    pub point_name: Option<String>,
    /// 具体位置 in words.
    pub location_desc: Option<String>,
    /// 经纬度 with datum; printed only where the document has it and the export asks for it.
    pub lng_lat: Option<LngLat>,
    /// 发现时间.
    pub found_at: Option<Timestamp>,
    /// 检查人; never on a paper for units.
    pub inspector: Option<String>,
    /// 问题类别 by name.
    pub category: Option<String>,
    /// 对应测评指标/标准.
    pub indicator: Option<String>,
    /// 问题描述.
    pub description: Option<String>,
    /// 问题等级 by name.
    pub severity: Option<String>,
    /// 整改前照片, in the order they are shown.
    pub photos_before: Vec<Picture>,
    /// 牵头单位.
    pub lead_unit: Option<String>,
    /// 责任单位.
    pub resp_unit: Option<String>,
    /// 配合单位.
    pub co_units: Vec<String>,
    /// 属地.
    pub territory: Option<String>,
    /// 责任领导.
    pub resp_leader: Option<String>,
    /// 责任人.
    pub resp_person: Option<String>,
    /// 联系电话 in full; stars are put in at export.
    pub phone: Option<String>,
    /// 整改措施.
    pub measure: Option<String>,
    /// 整改要求.
    pub requirement: Option<String>,
    /// 整改类型 by name.
    pub deadline_class: Option<String>,
    /// 整改时限.
    pub deadline_at: Option<Timestamp>,
    /// 交办时间.
    pub assigned_at: Option<Timestamp>,
    /// 签收时间.
    pub signed_at: Option<Timestamp>,
    /// 反馈时间.
    pub feedback_at: Option<Timestamp>,
    /// 整改情况 by name.
    pub rect_status: Option<String>,
    /// 整改结果说明.
    pub rect_result: Option<String>,
    /// 整改后照片, in the order they are shown.
    pub photos_after: Vec<Picture>,
    /// 复查时间.
    pub recheck_at: Option<Timestamp>,
    /// 复查人.
    pub rechecker: Option<String>,
    /// 复查结论 by name.
    pub recheck_result: Option<String>,
    /// 销号时间.
    pub closed_at: Option<Timestamp>,
    /// 逾期天数 as reckoned by the caller; above 0 it is also said beside the deadline.
    pub overdue_days: Option<u32>,
    /// 催办/督办次数.
    pub urge_count: Option<u32>,
    /// 红黄牌 by name.
    pub card: Option<String>,
    /// 是否反弹/重复.
    pub recurrence: Option<bool>,
    /// 备注.
    pub remark: Option<String>,
}

/// A snapshot wants to see how many bytes there are, not each of them.
fn length_only<S: Serializer>(jpeg: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{} bytes", jpeg.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    #[test]
    fn every_column_of_the_table_has_its_field_and_every_field_its_column() {
        let row = serde_json::to_value(Row::default()).unwrap();
        let mut fields: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
        let mut keys: Vec<String> = Catalogue::load()
            .unwrap()
            .all()
            .iter()
            .map(|c| c.key.clone())
            .collect();
        fields.sort();
        keys.sort();
        assert_eq!(fields, keys);
    }
}
