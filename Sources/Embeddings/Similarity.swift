import CEmbeddings

/// How near vectors are to each other. Sums are made in one fixed order, so that equal vectors give equal bits.
package enum Similarity {
    /// The sum of products: of two vectors of length 1 their cosine. 0 where the vectors differ in their number of
    /// dimensions.
    package static func dot(_ left: [Float], _ right: [Float]) -> Float {
        guard left.count == right.count else { return 0 }
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                guard let first = left.baseAddress, let second = right.baseAddress else { return 0 }
                return cem_dot(InstructionSet.best.path, first, second, left.count)
            }
        }
    }

    /// The cosine of the angle between two vectors of any length; 0 where one of them has none.
    package static func cosine(_ left: [Float], _ right: [Float]) -> Float {
        let lengths = (dot(left, left) * dot(right, right)).squareRoot()
        return lengths > 0 && lengths.isFinite ? dot(left, right) / lengths : 0
    }
}
