import { BarChart, HeatmapChart, LineChart, MapChart } from 'echarts/charts'
import { GridComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// Only the parts that the charts use, which keeps the file small.
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
