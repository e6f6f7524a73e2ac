import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

export interface Chart {
  title: string
  x: { name: string; values: readonly string[] }
  /** The unit of the figures. */
  y: string
  /** Whether each step of the scale is a factor of ten. */
  log?: boolean
  lines: readonly { name: string; values: readonly number[] }[]
}

const figure = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })

/** A chart as SVG that is readable on light and dark backgrounds. */
export function lineChart({ title, x, y, log = false, lines }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 360 })
  const grey = '#7d8590'
  chart.setOption({
    animation: false,
    color: ['#2f81f7', '#3fb950', '#db6d28'],
    textStyle: { color: grey },
    title: { text: title, left: 'center', textStyle: { color: grey, fontSize: 15 } },
    legend: { bottom: 0, textStyle: { color: grey }, show: lines.length > 1 },
    grid: { left: 90, right: 40, top: 50, bottom: 75 },
    xAxis: {
      ...{ type: 'category', name: x.name, nameLocation: 'middle', nameGap: 28, data: [...x.values] },
      ...{ axisLabel: { color: grey }, nameTextStyle: { color: grey } },
    },
    yAxis: {
      ...{ type: log ? 'log' : 'value', name: y, axisLabel: { color: grey }, nameTextStyle: { color: grey } },
      splitLine: { lineStyle: { color: grey, opacity: 0.25 } },
    },
    series: lines.map(({ name, values }, at) => ({
      ...{ type: 'line', name, data: [...values] },
      label: {
        show: true,
        color: 'inherit',
        // Lines are often close; the figures of the first go below it.
        position: at === 0 && lines.length > 1 ? 'bottom' : 'top',
        formatter: ({ value }: { value: unknown }) => figure(Number(value)),
      },
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
