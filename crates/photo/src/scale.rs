//! Resizing for one kind of pixel at a time.
//!
//! The library's own `resize` chooses by the picture's kind while it runs, and so brings its filters
//! for every kind there is: 90 seconds of every build for two kinds that occur here.

use crate::NoPreview;
use fast_image_resize as fir;

/// Resizes `source` into `target`; both hold pixels of the kind `P`.
pub(crate) fn resize<P: fir::PixelTrait>(
    source: &impl fir::IntoImageView,
    target: &mut impl fir::IntoImageViewMut,
    options: &fir::ResizeOptions,
) -> Result<(), NoPreview> {
    let views = (source.image_view::<P>(), target.image_view_mut::<P>());
    let (Some(from), Some(mut to)) = views else {
        return Err(NoPreview::undecodable("pixels of another kind"));
    };
    fir::Resizer::new()
        .resize_typed(&from, &mut to, options)
        .map_err(NoPreview::undecodable)
}
