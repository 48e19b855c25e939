//! Albers' equal-area conic projection, fitted to what is drawn.

/// A projection whose standard parallels follow from the extent of what is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Albers {
    n: f64,
    c: f64,
    rho0: f64,
    centre: f64,
}

impl Albers {
    /// Returns the projection for an extent in degrees.
    ///
    /// The standard parallels lie a sixth of the extent inside its southern and northern edge, the central meridian in
    /// its middle. Where they would lie about the equator symmetrically the cone is a cylinder; a hair's breadth of
    /// asymmetry keeps the formulas finite.
    ///
    /// # Source
    /// Snyder (1987), Map Projections: A Working Manual, U.S. Geological Survey Professional Paper 1395, eqs. 14-1 to
    /// 14-6 on the sphere, and p. 99 for the rule of a sixth.
    #[must_use]
    pub fn for_extent(lon: (f64, f64), lat: (f64, f64)) -> Self {
        let sixth = (lat.1 - lat.0) / 6.0;
        let (south, north) = ((lat.0 + sixth).to_radians(), (lat.1 - sixth).to_radians());
        let mut n = f64::midpoint(south.sin(), north.sin());
        if n.abs() < 1e-4 {
            n = 1e-4;
        }
        let c = south.cos().powi(2) + 2.0 * n * south.sin();
        let middle = f64::midpoint(lat.0, lat.1).to_radians();
        let rho0 = (c - 2.0 * n * middle.sin()).max(0.0).sqrt() / n;
        Self {
            n,
            c,
            rho0,
            centre: f64::midpoint(lon.0, lon.1),
        }
    }

    /// Returns the place of a longitude and latitude in earth radii, x to the east and y to the south.
    #[must_use]
    pub fn at(&self, lon: f64, lat: f64) -> (f64, f64) {
        let theta = self.n * (lon - self.centre).to_radians();
        let rho = (self.c - 2.0 * self.n * lat.to_radians().sin()).max(0.0).sqrt() / self.n;
        (rho * theta.sin(), rho * theta.cos() - self.rho0)
    }
}

#[cfg(test)]
mod tests {
    use super::Albers;

    /// Snyder's worked example (p. 291): parallels 29.5° and 45.5°, origin 23° N 96° W, radius 1; the point 35° N 75° W
    /// lies at x = 0.2952720, y = 0.2416774. An extent of 25.5–49.5° has these parallels and the origin 37.5° N.
    #[test]
    fn a_worked_example_comes_out() {
        let albers = Albers::for_extent((-106.0, -86.0), (25.5, 49.5));
        let (x, y) = albers.at(-75.0, 35.0);
        let (_, origin) = albers.at(-96.0, 23.0);
        assert!((x - 0.295_272_0).abs() < 1e-6, "{x}");
        assert!((origin - y - 0.241_677_4).abs() < 1e-6, "{}", origin - y);
    }

    #[test]
    fn an_extent_about_the_equator_stays_finite() {
        let (x, y) = Albers::for_extent((0.0, 10.0), (-5.0, 5.0)).at(2.0, 3.0);
        assert!(x.is_finite() && y.is_finite());
    }
}
