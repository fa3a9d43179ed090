//! A class that nobody else can name.

#[js_class]
struct Hidden;
