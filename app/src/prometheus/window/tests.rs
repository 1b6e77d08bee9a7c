use super::*;

fn window(scrapes: &[(f64, &str)]) -> Window {
    let mut window = Window::new(600.0, 100);
    for (time, text) in scrapes {
        window.push(*time, &Scrape::parse(text));
    }
    window
}

fn any(_: &Labels) -> bool {
    true
}

fn amount(window: &Window, range: f64) -> Option<f64> {
    window.increase("x", range, any).map(|increase| increase.amount)
}

#[test]
fn counts_what_came_between_the_scrapes_of_the_range() {
    let window = window(&[(0.0, "x 1"), (10.0, "x 4"), (20.0, "x 4"), (30.0, "x 10")]);
    assert_eq!(amount(&window, 600.0), Some(9.0));
    assert_eq!(amount(&window, 20.0), Some(6.0));
    assert_eq!(amount(&window, 19.0), Some(6.0));
    assert_eq!(amount(&window, 9.0), None);
    assert_eq!(window.rate("x", 20.0, any), Some(0.3));
    assert_eq!(window.increase("y", 600.0, any), None);
}

#[test]
fn a_counter_that_fell_restarted_at_zero() {
    let window = window(&[(0.0, "x 100"), (1.0, "x 103"), (2.0, "x 2"), (3.0, "x 5"), (4.0, "x 1")]);
    assert_eq!(amount(&window, 600.0), Some(3.0 + 2.0 + 3.0 + 1.0));
}

#[test]
fn the_first_value_of_a_counter_counts() {
    let window = window(&[
        (0.0, "y 1"),
        (1.0, "y 1\nx{a=\"1\"} 2"),
        (2.0, "y 1\nx{a=\"1\"} 3\nx{a=\"2\"} 5"),
    ]);
    assert_eq!(amount(&window, 600.0), Some(8.0));
    assert_eq!(window.rate("x", 600.0, |labels| labels.get("a") == "2"), Some(2.5));
}

#[test]
fn a_restart_between_two_scrapes_that_had_it_counts_from_zero() {
    let window = window(&[(0.0, "x 5"), (1.0, "y 1"), (2.0, "x 7")]);
    assert_eq!(amount(&window, 600.0), Some(7.0));
}

#[test]
fn buckets_are_summed_by_bound() {
    let window = window(&[
        (0.0, "h_bucket{e=\"a\",le=\"1\"} 1\nh_bucket{e=\"a\",le=\"+Inf\"} 1"),
        (
            1.0,
            "h_bucket{e=\"a\",le=\"1\"} 3\nh_bucket{e=\"a\",le=\"+Inf\"} 4\nh_bucket{e=\"b\",le=\"1\"} 1\n\
             h_bucket{e=\"b\",le=\"+Inf\"} 1\nh_bucket{e=\"b\",le=\"broken\"} 1",
        ),
    ]);
    let mut buckets = window.buckets("h_bucket", 60.0, any);
    buckets.sort_by(|a, b| a.upper.total_cmp(&b.upper));
    let [first, second] = buckets[..] else {
        panic!("{buckets:?}")
    };
    assert_eq!((first.upper, first.count), (1.0, 3.0));
    assert_eq!((second.upper, second.count), (f64::INFINITY, 4.0));
    assert_eq!(window.all_buckets("h_bucket", |labels| labels.get("e") == "a").len(), 2);
}

#[test]
fn gauges_are_those_of_the_last_scrape() {
    let window = window(&[(0.0, "g{a=\"1\"} 1\ng{a=\"2\"} 2"), (1.0, "g{a=\"1\"} 5")]);
    assert_eq!(window.sum("g", any), Some(5.0));
    assert_eq!(window.sum("g", |labels| labels.get("a") == "2"), None);
    assert_eq!(window.changes("g", 60.0), 1);
}

#[test]
fn the_memory_is_bounded() {
    let mut window = Window::new(60.0, 10);
    for time in 0..1000_u32 {
        window.push(f64::from(time), &Scrape::parse(&format!("x 1\ny{{a=\"{time}\"}} 1")));
        assert!(window.len() <= 11 && window.times.len() <= 10);
        assert!(window.series.values().all(|values| values.len() == window.times.len()));
    }
    let mut window = Window::new(60.0, 1000);
    (0..1000_u32).for_each(|time| window.push(f64::from(time), &Scrape::parse("x 1")));
    assert_eq!(window.times.len(), 61);
}

#[test]
fn a_clock_set_back_empties_the_window() {
    let mut window = window(&[(100.0, "x 5"), (110.0, "x 6")]);
    window.push(50.0, &Scrape::parse("x 9"));
    assert_eq!(amount(&window, 600.0), None);
    window.push(60.0, &Scrape::parse("x 11"));
    assert_eq!(amount(&window, 600.0), Some(2.0));
}
