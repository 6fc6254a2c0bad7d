//! Telephone numbers with their middle hidden: enough left to recognise, too little to call.

/// Replaces digits of every number in `text`, keeping three in front and four behind. A number
/// of seven digits or less keeps its last four; one of four or less is hidden whole.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if c.is_numeric() || (matches!(c, '-' | '－') && !run.is_empty()) {
            run.push(c);
        } else {
            out.push_str(&masked_run(&run));
            run.clear();
            out.push(c);
        }
    }
    out.push_str(&masked_run(&run));
    out
}

fn masked_run(run: &str) -> String {
    let digits = run.chars().filter(|c| c.is_numeric()).count();
    let (front, behind) = match digits {
        0..=4 => (0, 0),
        5..=7 => (0, 4),
        _ => (3, 4),
    };
    let mut seen = 0;
    run.chars()
        .map(|c| {
            if !c.is_numeric() {
                return c;
            }
            seen += 1;
            if seen > front && seen <= digits - behind {
                '*'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_landline_and_several_numbers_lose_their_middle() {
        assert_eq!(masked("13812345678"), "138****5678");
        assert_eq!(masked("0470-6221234"), "047*-***1234");
        assert_eq!(
            masked("张三 13812345678、13912345678"),
            "张三 138****5678、139****5678"
        );
        assert_eq!(masked("6221234"), "***1234");
        assert_eq!(masked("8001"), "****");
        assert_eq!(masked("无"), "无");
    }
}
