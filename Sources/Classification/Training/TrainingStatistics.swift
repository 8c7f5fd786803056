/// What a training did and what it took over.
package struct TrainingStatistics: Sendable, Hashable {
    package var textsEmbedded = 0
    package var textsReused = 0
    package var headsTrained = 0
    package var headsReused = 0

    package init() {}
}
