/// Shannon's entropy of short byte strings.
enum Entropy {
    /// Bytes of a string that are looked at.
    static let maximumBytes = 256

    /// Bits a byte; for a longer string, of its first `maximumBytes`.
    static func bits(of bytes: UnsafeBufferPointer<UInt8>) -> Double {
        let count = min(bytes.count, maximumBytes)
        guard count > 1 else { return 0 }
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 128) { counts in
            counts.initialize(repeating: 0)
            for index in 0..<count { counts[Int(bytes[index] & 0x7F)] += 1 }
            var sum = 0.0
            for index in 0..<count {
                // Each byte value once: its count is taken away when it was added.
                let place = Int(bytes[index] & 0x7F)
                sum += products[Int(counts[place])]
                counts[place] = 0
            }
            return (products[count] - sum) / Double(count)
        }
    }

    /// n·log₂ n.
    private static let products: [Double] = (0...maximumBytes).map { $0 < 2 ? 0 : Double($0) * logarithm(Double($0)) }

    /// log₂ by squaring: each squaring gives one more bit. The standard library has no logarithm.
    private static func logarithm(_ value: Double) -> Double {
        var result = Double(value.exponent)
        var rest = value.significand
        var bit = 0.5
        for _ in 0..<40 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                result += bit
            }
            bit /= 2
        }
        return result
    }
}
