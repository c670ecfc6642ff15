use jiff::civil::Date;

use super::chart::Charts;
use super::document::{Report, document};
use super::inventory::held;
use super::needs::ReportNeeds;
use super::offer::offers;
use super::plan::{Plans, Site};
use super::study::Study;
use super::what_if::WhatIf;
use crate::catalog::{Catalog, CatalogError};

/// What a page shows beside the text.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFigures {
    /// The figures behind its charts.
    pub charts: Charts,
    /// What its sliders change.
    pub what_if: WhatIf,
}

/// The document with what a page shows beside its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Illustrated {
    /// The document.
    pub report: Report,
    /// What a page shows beside it.
    pub figures: PageFigures,
}

/// The document of `needs` on the day `today`, with the figures of its charts.
pub fn illustrated(needs: &ReportNeeds, catalog: &Catalog, today: Date) -> Result<Illustrated, CatalogError> {
    let calibration = catalog.serving_calibration()?;
    let plans = Plans::default();
    let site = Site {
        needs,
        catalog,
        constants: &calibration.constants,
        calibration,
        output: calibration.spreads[1].deployed,
        today,
        plans: &plans,
    };
    let offers = [held(&needs.inventory.value, catalog)?, offers(catalog, today)?].concat();
    let study = Study::new(site, &offers)?;
    let report = document(&study, calibration);
    let charts = Charts::of(&study, &report);
    Ok(Illustrated { figures: PageFigures { charts, what_if: WhatIf::of(&study, &report) }, report })
}
