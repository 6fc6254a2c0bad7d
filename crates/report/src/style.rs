//! How cells look: the types of Chinese official papers, thin borders, a quiet header.
//!
//! A cell names one font only. Each comes with its family and the GB 2312 character set, by
//! which Excel, WPS and LibreOffice choose the nearest Chinese type where the named one is not
//! installed.

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatPattern, Workbook, Worksheet, XlsxError,
};

/// 五号, the body's size in points.
const BODY_PT: f64 = 10.5;
/// 二号, the title's size in points.
pub(crate) const TITLE_PT: f64 = 22.0;
/// Height of one line of the body with the tallest fallback type, in points.
pub(crate) const LINE_PT: f64 = 15.5;

const HEADER_FILL: Color = Color::RGB(0x00DC_E6F1);
const ALERT: Color = Color::RGB(0x00C0_0000);
const GB2312: u8 = 134;
/// Height of an empty row and width of an untouched column in 宋体 11, in pixels.
const DEFAULT_ROW_PX: u32 = 18;
const DEFAULT_COL_PX: u32 = 72;

/// Makes 宋体 11 the workbook's own type, as Chinese Excel and WPS do. All column widths are
/// counted in its digits: with a type that is missing where the file is opened, columns would come
/// out wider or narrower than the pictures were fitted to.
pub(crate) fn set_default(workbook: &mut Workbook) -> Result<(), XlsxError> {
    workbook.set_default_format(&default(), DEFAULT_ROW_PX, DEFAULT_COL_PX)?;
    Ok(())
}

/// The same for a sheet made before it joins the workbook, which has to agree with it.
pub(crate) fn set_default_of(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_default_format(&default(), DEFAULT_ROW_PX, DEFAULT_COL_PX)?;
    Ok(())
}

fn default() -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_size(11)
        .set_font_charset(GB2312)
}

/// The formats of one workbook.
pub(crate) struct Styles {
    pub(crate) title: Format,
    pub(crate) subline: Format,
    pub(crate) header: Format,
    pub(crate) sign: Format,
    pub(crate) caption: Format,
    /// Body cells by [`Styles::body`]; made once, for a long list asks a million times.
    body: [Format; 8],
}

impl Styles {
    pub(crate) fn new() -> Self {
        Styles {
            title: song(TITLE_PT).set_bold().set_align(FormatAlign::Center),
            subline: song(BODY_PT).set_align(FormatAlign::Center),
            header: bordered(song(BODY_PT))
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_pattern(FormatPattern::Solid)
                .set_background_color(HEADER_FILL),
            sign: song(12.0).set_align(FormatAlign::Left),
            caption: bordered(fang_song(9.0))
                .set_align(FormatAlign::Left)
                .set_align(FormatAlign::Bottom),
            body: std::array::from_fn(|n| body(n & 1 != 0, n & 2 != 0, n & 4 != 0)),
        }
    }

    /// A body cell. `as_text` marks a content that a spreadsheet would otherwise take for a
    /// formula as soon as somebody edits it.
    pub(crate) fn body(&self, sentence: bool, alert: bool, as_text: bool) -> &Format {
        let [plain, ..] = &self.body;
        let n = usize::from(sentence) | usize::from(alert) << 1 | usize::from(as_text) << 2;
        self.body.get(n).unwrap_or(plain)
    }
}

fn body(sentence: bool, alert: bool, as_text: bool) -> Format {
    let mut format = bordered(fang_song(BODY_PT));
    format = format.set_align(if sentence {
        FormatAlign::Left
    } else {
        FormatAlign::Center
    });
    if alert {
        format = format.set_bold().set_font_color(ALERT);
    }
    if as_text {
        format = format.set_quote_prefix();
    }
    format
}

fn song(size_pt: f64) -> Format {
    base("宋体", size_pt).set_font_family(3)
}

fn fang_song(size_pt: f64) -> Format {
    base("仿宋", size_pt).set_font_family(3)
}

fn base(name: &str, size_pt: f64) -> Format {
    Format::new()
        .set_font_name(name)
        .set_font_size(size_pt)
        .set_font_charset(GB2312)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

fn bordered(format: Format) -> Format {
    format.set_border(FormatBorder::Thin)
}
