//! A problem with two photos of 12 megapixels, from the camera's bytes to "saved": two renditions
//! each, six sealed files made durable, the draft's rows, three signed ops in one transaction.

use crate::{Figure, percentile};
use std::time::Instant;
use zhicha_domain::photo::Shot;
use zhicha_field::{
    capture::{Intake, NewPhoto},
    clock::SystemClock,
    problem::Draft,
};
use zhicha_photo::sample;
use zhicha_tests::wire::Served;

const ROUNDS: u64 = 120;

pub(crate) fn figures(floor_ms: f64) -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir_in("target")?;
    let served = Served::fresh(dir.path())?;
    let mut vault = served.phone(&dir.path().join("vault"), "bench")?;
    let rng = &mut rand::rng();
    let photos: Vec<Vec<u8>> = (0..4)
        .map(|seed| {
            sample::jpeg(&sample::SampleSpec {
                seed,
                ..sample::SampleSpec::default()
            })
        })
        .collect();
    let (mut whole, mut last_tap) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let draft = Draft {
            category: "B01".into(),
            note: "店外经营，占用人行道约3米".into(),
            place: "三道街与海关路交叉口向东15米路南".into(),
            ..Draft::default()
        };
        let begun = Instant::now();
        let problem = vault.begin_problem(&draft, &SystemClock, rng)?;
        for (n, shot) in [(0, Shot::Near), (1, Shot::Wide)] {
            let which = usize::try_from((round + n) % 4)?;
            let photo = NewPhoto {
                bytes: photos.get(which).map_or(&[], Vec::as_slice),
                intake: Intake::import(),
                shot,
                fix: None,
                keep_as_attachment: false,
            };
            vault.add_photo(problem, &photo, &SystemClock, rng)?;
        }
        let tapped = Instant::now();
        vault.hand_over(problem, &SystemClock, rng)?;
        last_tap.push(tapped.elapsed().as_secs_f64() * 1000.0);
        whole.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    let with_floor = |name, values| Figure {
        floor: Some(floor_ms),
        ..Figure::plain(name, percentile(values, 0.99), "ms")
    };
    Ok(vec![
        with_floor("save_problem_p99_ms", whole),
        with_floor("hand_over_p99_ms", last_tap),
    ])
}
