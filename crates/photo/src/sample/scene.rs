//! The street: painted from rectangles, then grained like a sensor's picture.

use super::Scene;

/// A colour as JPEG has it: luma, blue difference, red difference.
pub(super) type Colour = [u8; 3];

/// The painted scene, before noise.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// The colour at a place inside the canvas.
    #[inline(always)]
    pub(super) fn at(&self, x: usize, y: usize) -> Colour {
        self.pixels[y * self.width + x]
    }

    /// Paints a rectangle given in thousandths of the canvas; what lies outside is not painted.
    fn rect(&mut self, left: i64, top: i64, right: i64, bottom: i64, colour: Colour) {
        let place =
            |thousandths: i64, side: usize| (thousandths.clamp(0, 1000) as usize * side) / 1000;
        let (left, right) = (place(left, self.width), place(right, self.width));
        for y in place(top, self.height)..place(bottom, self.height) {
            let row = y * self.width;
            if left < right {
                self.pixels[row + left..row + right].fill(colour);
            }
        }
    }
}

/// A small generator of even numbers (splitmix64): the same everywhere for the same seed.
pub(super) struct Noise(u64);

impl Noise {
    /// A stream of its own for each `(seed, part)`.
    pub(super) fn new(seed: u64, part: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ part.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to below `high`.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low).max(1) as u64) as i64
    }

    /// `value` with a sensor's grain: two dice, so small errors are the frequent ones.
    #[inline(always)]
    pub(super) fn grain(&mut self, value: u8) -> u8 {
        let bits = self.next();
        let grain = (bits & 7) as i16 + (bits >> 8 & 7) as i16 - 7;
        (i16::from(value) + grain).clamp(0, 255) as u8
    }
}

const SKY: Colour = [196, 146, 112];
const PAVING: Colour = [150, 126, 131];
const JOINT: Colour = [122, 127, 130];
const KERB: Colour = [186, 127, 128];
const ASPHALT: Colour = [82, 130, 126];
const PAINT: Colour = [225, 128, 128];
const GLASS: Colour = [70, 136, 122];
const TYRE: Colour = [34, 128, 128];

/// Paints the street of `seed` in the state `scene`.
pub(super) fn paint(width: usize, height: usize, seed: u64, scene: Scene) -> Canvas {
    let mut canvas = Canvas {
        width,
        height,
        pixels: vec![SKY; width * height],
    };
    houses(&mut canvas, &mut Noise::new(seed, 1 << 40));
    pavement(&mut canvas);
    road(&mut canvas);
    if scene == Scene::Before {
        clutter(&mut canvas, &mut Noise::new(seed, 2 << 40));
    }
    canvas
}

/// A row of house fronts with windows, and a shop with a sign in each.
fn houses(canvas: &mut Canvas, dice: &mut Noise) {
    let mut left = 0;
    while left < 1000 {
        let right = left + dice.between(170, 290);
        let roof = dice.between(80, 190);
        let wall = [
            dice.between(120, 190) as u8,
            dice.between(112, 128) as u8,
            dice.between(128, 150) as u8,
        ];
        canvas.rect(left, roof, right, 560, wall);
        let mut floor = roof + 25;
        while floor < 360 {
            let mut window = left + 18;
            while window + 30 < right {
                canvas.rect(window - 3, floor - 3, window + 29, floor + 45, KERB);
                canvas.rect(window, floor, window + 26, floor + 42, GLASS);
                canvas.rect(window + 12, floor, window + 14, floor + 42, KERB);
                window += 46;
            }
            floor += 70;
        }
        let sign = [
            dice.between(90, 170) as u8,
            dice.between(90, 160) as u8,
            dice.between(120, 200) as u8,
        ];
        canvas.rect(left + 12, 385, right - 12, 425, sign);
        let mut letter = left + 30;
        while letter + 22 < right - 20 {
            canvas.rect(letter, 393, letter + 16, 396, PAINT);
            canvas.rect(letter + 6, 396, letter + 9, 418, PAINT);
            canvas.rect(letter, 406, letter + 16, 409, PAINT);
            letter += 26;
        }
        canvas.rect(left + 20, 435, right - 20, 560, GLASS);
        canvas.rect(
            (left + right) / 2 - 2,
            435,
            (left + right) / 2 + 2,
            560,
            KERB,
        );
        left = right;
    }
}

/// Paving stones in courses, each a little different, and the kerb.
fn pavement(canvas: &mut Canvas) {
    canvas.rect(0, 560, 1000, 800, JOINT);
    for (course, top) in (560..800).step_by(16).enumerate() {
        let shift = if course % 2 == 0 { 0 } else { 20 };
        for (stone, left) in (-40..1000).step_by(40).enumerate() {
            let shade = ((course * 7 + stone * 11) % 13) as u8;
            let colour = [PAVING[0] + shade, PAVING[1], PAVING[2]];
            canvas.rect(
                left + shift + 1,
                top + 1,
                left + shift + 40,
                top + 16,
                colour,
            );
        }
    }
    canvas.rect(0, 800, 1000, 818, KERB);
}

/// Asphalt with a broken line.
fn road(canvas: &mut Canvas) {
    canvas.rect(0, 818, 1000, 1000, ASPHALT);
    for left in (-60..1000).step_by(170) {
        canvas.rect(left, 900, left + 100, 912, PAINT);
    }
}

/// Boxes in loud colours stacked across the pavement, and a cart at the kerb.
fn clutter(canvas: &mut Canvas, dice: &mut Noise) {
    const LOUD: [Colour; 5] = [
        [90, 110, 210],
        [150, 60, 150],
        [80, 200, 100],
        [170, 90, 170],
        [120, 90, 90],
    ];
    let mut left = 130;
    while left < 640 {
        let width = dice.between(60, 120);
        let mut bottom = dice.between(690, 770);
        for _ in 0..dice.between(1, 4) {
            let top = bottom - dice.between(50, 90);
            let colour = LOUD[dice.between(0, LOUD.len() as i64) as usize];
            canvas.rect(left, top, left + width, bottom, TYRE);
            canvas.rect(left + 4, top + 3, left + width - 4, bottom - 3, colour);
            canvas.rect(
                left + width / 2 - 3,
                top + 3,
                left + width / 2 + 3,
                bottom - 3,
                KERB,
            );
            bottom = top;
        }
        left += width + dice.between(2, 18);
    }
    canvas.rect(690, 640, 900, 730, LOUD[1]);
    canvas.rect(700, 650, 890, 720, [140, 70, 145]);
    canvas.rect(890, 610, 900, 640, TYRE);
    for wheel in [715, 845] {
        canvas.rect(wheel, 730, wheel + 36, 772, TYRE);
        canvas.rect(wheel + 12, 744, wheel + 24, 758, KERB);
    }
}
