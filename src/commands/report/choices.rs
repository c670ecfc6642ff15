//! What `report` reads of what was asked for beside plain numbers: names of the catalog, and files.

use super::ReportArgs;
use crate::both;
use crate::catalog::{Catalog, CatalogError};
use crate::commands::Context;
use crate::error::{Error, Exit, nearest};
use crate::report::{MAKERS, Origin, ReportCurrency, Tagged, is_maker, region, region_ids};
use crate::units::Usd;

fn input(error: &CatalogError) -> Error {
    Error::new(Exit::Input, error).hint(error.hint())
}

impl ReportArgs {
    /// The catalog, with prices of one's own over it.
    pub(super) fn catalog(&self, context: &Context) -> Result<Catalog, Error> {
        let catalog = context.catalog()?;
        let Some(path) = &self.prices else { return Ok(catalog) };
        catalog.with_prices(path).map_err(|error| match &error {
            CatalogError::Read { .. } => Error::new(Exit::Input, &error)
                .hint(Some(both!("check `--prices` and who may read it", "请检查 `--prices` 以及读取权限"))),
            _ => input(&error),
        })
    }

    /// The share of time, which nobody keeps all of.
    pub(super) fn availability(&self) -> Result<Tagged<Option<f64>>, Error> {
        if let Some(share) = self.availability.filter(|share| !(0.5..=0.999_999).contains(share)) {
            let percent = share * 100.0;
            return Err(Error::usage(both!(
                "an availability of {percent}% cannot be planned: it is from 50% to 99.9999%",
                "可用性无法按 {percent}% 规划：须在 50% 到 99.9999% 之间"
            ))
            .hint(Some(both!(
                "correct `--availability`, or `availability` in the needs file",
                "请更正 `--availability`，或需求文件中的 `availability`"
            ))));
        }
        Ok(Tagged::or(self.availability.map(Some), None))
    }

    /// Makers of accelerators and providers, all of whom must be known.
    pub(super) fn vendors(&self, catalog: &Catalog) -> Result<Tagged<Vec<String>>, Error> {
        let mut known: Vec<String> = MAKERS.iter().map(ToString::to_string).collect();
        known
            .extend(catalog.rentals().map_err(|error| input(&error))?.iter().map(|one| one.provider.clone()));
        known.extend(
            catalog.api_prices().map_err(|error| input(&error))?.iter().map(|one| one.provider.clone()),
        );
        let mut named = Vec::new();
        for name in self.vendors.iter().map(|name| name.trim()) {
            let found = known.iter().find(|known| known.eq_ignore_ascii_case(name));
            let Some(found) = found else {
                let near = nearest(name, known.iter().map(String::as_str))
                    .map(|near| both!("did you mean `{near}`?", "是不是想写 `{near}`？"));
                return Err(Error::usage(both!(
                    "no maker and no provider is called `{name}`",
                    "没有名为 `{name}` 的厂商或服务商"
                ))
                .hint(near));
            };
            named.push(found.clone());
        }
        // Makers first, so that the same names are told in the same order.
        named.sort_by_key(|name| !is_maker(name));
        Ok(Tagged::or((!named.is_empty()).then_some(named), Vec::new()))
    }

    /// Where machines and providers must stand, by a name that something of the catalog goes by.
    pub(super) fn region(&self, catalog: &Catalog) -> Result<Tagged<Option<String>>, Error> {
        let Some(asked) = &self.region else { return Ok(Tagged::or(None, None)) };
        let region = region(asked, catalog).map_err(|known| {
            let near = nearest(asked, known.iter().map(String::as_str)).map_or_else(
                || {
                    let ids: Vec<&str> = region_ids().collect();
                    both!(
                        "say {}, or a place as prices name it, such as `mumbai` or `us-east-1`",
                        "可写 {}，或价格表中的地点，如 `mumbai` 或 `us-east-1`",
                        ids.join(", ")
                    )
                },
                |near| both!("did you mean `{near}`?", "是不是想写 `{near}`？"),
            );
            Error::usage(both!(
                "no region and no place of a provider is called `{asked}`",
                "没有名为 `{asked}` 的地区，也没有这样的服务商地点"
            ))
            .hint(Some(near))
        })?;
        Ok(Tagged::or(Some(Some(region)), None))
    }

    /// What amounts are shown in: at the rate that was given, else at the catalog's.
    pub(super) fn currency(&self, catalog: &Catalog) -> Result<Tagged<ReportCurrency>, Error> {
        let Some(asked) = &self.currency else { return Ok(Tagged::or(None, ReportCurrency::usd())) };
        let known = catalog.currencies().map_err(|error| input(&error))?;
        let found = known.iter().find(|one| one.id.eq_ignore_ascii_case(&asked.code));
        let symbol = found.map_or_else(|| format!("{} ", asked.code), |found| found.symbol.clone());
        let code = asked.code.clone();
        let currency = match (asked.rate, found) {
            (Some((per_usd, date)), _) => {
                ReportCurrency { code, symbol, per_usd, date: date.to_string(), source: None }
            }
            (None, Some(found)) => ReportCurrency {
                code,
                symbol,
                per_usd: found.per_usd,
                date: found.date.clone(),
                source: Some(found.provenance.source.clone()),
            },
            (None, None) => {
                let names: Vec<String> = known.iter().map(|one| one.id.to_ascii_uppercase()).collect();
                let names = names.join(", ");
                return Err(Error::usage(both!(
                    "the catalog has no rate of `{code}`",
                    "资料库中没有 `{code}` 的汇率"
                ))
                .hint(Some(both!(
                    "give it, with its day: `{code}=7.1@2026-11-20`; known are {names}",
                    "请给出汇率及日期，如 `{code}=7.1@2026-11-20`；已有汇率的货币：{names}"
                ))));
            }
        };
        // Which currency was said; what it is worth, only where no source of the catalog stands in for it.
        let origin = if currency.source.is_some() { Origin::Default } else { Origin::Given };
        Ok(Tagged { value: currency, origin })
    }

    /// What a kilowatt-hour costs where nobody says: that of the region, where the catalog has one.
    pub(super) fn power_price(&self, catalog: &Catalog) -> Result<Tagged<Usd>, Error> {
        let of_region = self.region(catalog)?.value.and_then(|region| catalog.power_price(&region).ok());
        let price =
            of_region.map_or_else(|| catalog.power_price("default"), Ok).map_err(|error| input(&error))?;
        Ok(Tagged { value: price.usd_per_kwh, origin: Origin::Default })
    }
}
