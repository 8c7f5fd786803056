import OrchTokens

/// Files that were cut or changed.
enum Damage {
    /// Runs a body with damaged copies, the same every time. Errors of tokenizers are what is expected of it.
    static func each(_ bytes: [UInt8], rounds: Int, _ body: ([UInt8]) throws -> Void) throws {
        var state: UInt64 = 99
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<rounds {
            var damaged = bytes
            if round.isMultiple(of: 3) {
                damaged.removeLast(next(bytes.count))
            } else {
                for _ in 0...next(3) { damaged[next(bytes.count)] ^= 1 << UInt8(next(8)) }
            }
            do {
                try body(damaged)
            } catch is TokenizerError {}
        }
    }
}
