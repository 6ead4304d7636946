//! The laws of the house hold.

#[test]
fn the_tree_is_tidy() {
    let violations = xtask::tidy::violations(&xtask::root());
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}
