//! The convolutional network.
