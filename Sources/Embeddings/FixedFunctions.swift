import CEmbeddings

/// The functions that the encoder needs, as it computes them: by polynomials, in steps that IEEE 754 defines. Tests
/// hold them against others.
package enum FixedFunctions {
    /// e to the power of each value, for values that are not above 0; below -87 it is that of -87.
    package static func exponentials(_ values: [Float], instructions: InstructionSet = .best) -> [Float] {
        mapped(values) { cem_exp(instructions.path, $0, values.count, $1) }
    }

    /// x·Φ(x) of each value.
    package static func gelus(_ values: [Float], instructions: InstructionSet = .best) -> [Float] {
        mapped(values) { cem_gelu(instructions.path, $0, values.count, $1) }
    }

    private static func mapped(
        _ values: [Float], _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { result, count in
            values.withUnsafeBufferPointer { values in
                guard let from = values.baseAddress, let to = result.baseAddress else { return }
                body(from, to)
                count = values.count
            }
        }
    }
}
