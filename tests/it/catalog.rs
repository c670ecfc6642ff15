//! Laws of the shipped catalog, and what a wrong catalog file is told.

use r1_advisor::catalog::Catalog;

fn catalog() -> Catalog {
    Catalog::embedded().expect("the shipped catalog is right")
}

#[test]
fn the_shipped_catalog_is_whole() {
    let catalog = catalog();
    assert_eq!(catalog.models().len(), 9);
    assert!(catalog.accelerators().expect("accelerators").len() > 250);
    assert!(catalog.cpu_platforms().expect("CPU platforms").len() > 50);
}
