//! Nothing: this package only names features, so that what several members share is built once.
