import { BarChart, HeatmapChart, LineChart, MapChart } from 'echarts/charts'
import { GridComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// Only what the charts use, so that the file that is loaded for them stays small.
use([
  BarChart,
  HeatmapChart,
  LineChart,
  MapChart,
  GridComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
])

export { init, registerMap }
