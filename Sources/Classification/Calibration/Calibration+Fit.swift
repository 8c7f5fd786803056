extension Calibration {
    /// The figures under which held-out texts are likeliest.
    /// - Parameter learnt: Whether any label has examples.
    init(_ heldOut: [HeldOut], learnt: Bool) {
        let line = BelongingFit(heldOut).line()
        let before = Calibration(
            learnt: line, described: Self.default.described,
            temperature: learnt ? Self.default.temperature : Self.temperatureOfDescribed)
        self.init(
            learnt: line, described: before.described,
            temperature: heldOut.isEmpty
                ? before.temperature : TemperatureFit(heldOut, before.logOdds).temperature())
    }
}
